"""Each kind's canonical text and junk, by example."""

import pytest

from ringwatch.model.errors import ConfigError
from ringwatch.model.kinds import REGISTRY, Exclusivity, Family, Kind
from ringwatch.values.country import country_code
from ringwatch.values.normalise import normalise

CANONICAL = [
    ("phone", "906-8600", "US", "US:9068600"),
    ("phone", "9068600", "United States", "US:9068600"),
    ("phone", "(312) 906-8600 ext. 12", "US", "+13129068600"),
    ("phone", "702-919-1300", None, "ZZ:7029191300"),
    ("phone", "００８６ １３８ １２３４ ５６７８", None, "+8613812345678"),
    ("phone", "\ufeffTel: +86\u00a0138-1234-5678\u200b", "US", "+8613812345678"),
    ("phone", "138 1234 5678", "CN", "+8613812345678"),
    ("phone", "8613812345678", "CN", "+8613812345678"),
    ("phone", "+44 (0)20 7946 0018", None, "+442079460018"),
    ("phone", "020 7946 0018 / 020 7946 0019", "GB", "+442079460018"),
    ("phone", "030/901820", "DE", "+4930901820"),
    ("phone", "+39 0352 6553537", None, "+3903526553537"),
    ("email", "Jane.Doe+shop@GoogleMail.com", None, "janedoe@gmail.com"),
    ("email", "Jane.Doe+shop@outlook.co.uk", None, "jane.doe@outlook.co.uk"),
    ("email", "jane-shop@yahoo.fr", None, "jane@yahoo.fr"),
    ("email", "jane-shop@yahoo.co.jp", None, "jane-shop@yahoo.co.jp"),
    ("email", "A.B+C@163.com", None, "a.b+c@163.com"),
    ("email", "Jane <mailto:JANE@Bücher.de>", None, "jane@xn--bcher-kva.de"),
    ("email", "a@shop.de; b@shop.de", None, "a@shop.de"),
    ("wechat", "WeChat ID: @Wxid_AbC1", None, "wxid_abc1"),
    ("wechat", "138 1234 5678", None, "+8613812345678"),
    ("telegram", "https://t.me/Big_Shop?start=1", None, "big_shop"),
    ("telegram", "@Big_Shop", None, "big_shop"),
    ("whatsapp", "https://wa.me/8613812345678", None, "+8613812345678"),
    ("whatsapp", "https://api.whatsapp.com/send?phone=8613812345678&text=hi", None, "+8613812345678"),
    ("whatsapp", "0138 1234 5678", "CN", "+8613812345678"),
    ("qq", "QQ: 1234 56780", None, "123456780"),
    ("device", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", None, "6f9619ff8b86d011b42d00c04fc964ff"),
    ("ip", "008.008.004.004:443", None, "8.8.4.4"),
    ("ip", "1.23.4.5", None, "1.23.4.5"),
    ("ip", "::ffff:8.8.4.4", None, "8.8.4.4"),
    ("ip", "[2001:4860:0:0::8888]:53", None, "2001:4860::8888"),
    ("website", "HTTPS://user:pw@WWW.Shop.co.uk:443/A/index.html?utm_source=x#top", None, "shop.co.uk/A"),
    ("website", "http://Shop.de/?b=2&fbclid=1&a=1", None, "shop.de?a=1&b=2"),
    ("website", "bücher.de", None, "xn--bcher-kva.de"),
    ("website", "shop.de/%7euser", None, "shop.de/~user"),
    ("domain", "http://www.shop.de/kontakt", None, "shop.de"),
    ("name_server", "NS1.Shop.DE.", None, "ns1.shop.de"),
    ("image_hash", "0xFFD8A1B2C3D4E5F6", None, "ffd8a1b2c3d4e5f6"),
    ("image_hash", "Other Text", None, "Other Text"),
    ("tax_id", "DE 136,695 976", None, "DE:136695976"),
    ("tax_id", "136695976", "DE", "DE:136695976"),
    ("tax_id", "7802-170-553", None, "7802170553"),
    ("company_number", "Reg. No. 1234567", "GB", "GB:01234567"),
    ("company_number", "SC 123456", "GB", "GB:SC123456"),
    ("payee_name", "Müller & Söhne G.m.b.H.", None, "muller & sohne gmbh"),
    ("payee_name", "深圳市某某有限责任公司", None, "深圳市某某有限公司"),
    ("payee_name", "CANADUZ S.A. de C.V.", None, "canaduz sa de cv"),
]


@pytest.mark.parametrize(("kind", "text", "country", "expected"), CANONICAL)
def test_canonical_text(kind: str, text: str, country: str | None, expected: str) -> None:
    assert normalise(REGISTRY[kind], text, country).value == expected


ACCOUNTS = [
    ("iban", None, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    ("bank", None, "IBAN: DE89-3704-0044-0532-0130-00", "DE89370400440532013000"),
    ("iban", None, "DE88 3704 0044 0532 0130 00", "DE88370400440532013000"),
    ("bank", "COBADEFFXXX", "00 1234-567", "bank:cobadeff:001234567"),
    ("bank", "ICBC", "6222 0202 0000 1234 567", "bank:6222020200001234567"),
    ("bank", None, "1234-5670", "bank:12345670"),
    ("card_token", None, "tok_AbC9", "card:tok_AbC9"),
    ("wallet", "Alipay", "@Shop@163.com", "wallet:alipay:shop@163.com"),
    ("crypto", None, "bitcoin:12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h", "crypto:12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"),
    ("crypto", None, "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
    (None, None, "0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886e0f7030069857d2e4169ee7"),
]


@pytest.mark.parametrize(("scheme", "issuer", "text", "expected"), ACCOUNTS)
def test_accounts(scheme: str | None, issuer: str | None, text: str, expected: str) -> None:
    assert normalise(REGISTRY["account"], text, scheme=scheme, issuer=issuer).value == expected


JUNK = [
    ("phone", "", "empty"),
    ("phone", "\ufeff \u200b", "empty"),
    ("phone", "n/a", "placeholder"),
    ("phone", "０００００００", "placeholder"),
    ("phone", "123456", "placeholder"),
    ("phone", "+86 111 1111 1111", "placeholder"),
    ("phone", "call us", "not a phone number"),
    ("phone", "x@y.com", "not a phone number"),
    ("phone", "911", "too short for a phone number"),
    ("email", "test@test.com", "placeholder"),
    ("email", "jane@example.org", "placeholder"),
    ("email", "no-reply@shop.de", "mailbox that nobody reads"),
    ("email", "jane at shop.de", "not an e-mail address"),
    ("website", "No", "placeholder"),
    ("website", "Yes", "placeholder"),
    ("website", "none", "placeholder"),
    ("website", "our shop", "not a web address"),
    ("domain", "localhost", "not a domain"),
    ("ip", "192.168.001.010", "not a public IP address"),
    ("ip", "127.0.0.1", "not a public IP address"),
    ("ip", "::", "placeholder"),
    ("ip", "999.1.1.1", "not an IP address"),
    ("image_hash", "0000000000000000", "placeholder"),
    ("image_hash", "0xFFFFFFFFFFFFFFFF", "hash of a flat image"),
    ("device", "00000000-0000-0000-0000-000000000000", "placeholder"),
    ("device", "9774D56D682E549C", "placeholder"),
    ("account", "0000 0000", "placeholder"),
    ("tax_id", "pending", "not a registration number"),
    ("payee_name", "???", "placeholder"),
    ("address", "Unknown", "placeholder"),
    ("device", "a" * 3000, "too long"),
]


@pytest.mark.parametrize(("kind", "text", "reason"), JUNK)
def test_junk_is_named(kind: str, text: str, reason: str) -> None:
    assert normalise(REGISTRY[kind], text).junk == reason


def test_an_unknown_normaliser_is_a_setting_to_mend() -> None:
    kind = Kind("star_sign", Family.OTHER, "horoscope", Exclusivity.SHARED)
    with pytest.raises(ConfigError, match='star_sign: no normaliser is called "horoscope"'):
        normalise(kind, "leo")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("us", "US"),
        ("USA", "US"),
        ("P.R. China", "CN"),
        ("Côte d'Ivoire", "CI"),
        ("UK", "GB"),
        ("Narnia", None),
        (None, None),
    ],
)
def test_countries(text: str | None, code: str | None) -> None:
    assert country_code(text) == code
