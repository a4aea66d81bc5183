"""Countries: from the ways rows write them to ISO 3166 alpha-2 codes."""

from functools import cache
from types import MappingProxyType

from ringwatch.values.text import clean, fold, unaccent

# code, alpha-3, then names in use, the longest form that addresses end with included
_TABLE = """
AD AND Andorra|AE ARE United Arab Emirates/UAE/U.A.E./Emirates|AF AFG Afghanistan|AG ATG Antigua and Barbuda
AI AIA Anguilla|AL ALB Albania|AM ARM Armenia|AO AGO Angola|AQ ATA Antarctica|AR ARG Argentina
AS ASM American Samoa|AT AUT Austria/Österreich|AU AUS Australia|AW ABW Aruba|AX ALA Åland Islands
AZ AZE Azerbaijan|BA BIH Bosnia and Herzegovina/Bosnia|BB BRB Barbados|BD BGD Bangladesh
BE BEL Belgium/Belgique/België/Belgien|BF BFA Burkina Faso|BG BGR Bulgaria|BH BHR Bahrain|BI BDI Burundi
BJ BEN Benin|BL BLM Saint Barthélemy|BM BMU Bermuda|BN BRN Brunei/Brunei Darussalam|BO BOL Bolivia|BQ BES Bonaire
BR BRA Brazil/Brasil|BS BHS Bahamas/The Bahamas|BT BTN Bhutan|BW BWA Botswana|BY BLR Belarus|BZ BLZ Belize
CA CAN Canada|CC CCK Cocos Islands
CD COD Democratic Republic of the Congo/Congo, Democratic Republic of the/DR Congo
CF CAF Central African Republic|CG COG Republic of the Congo/Congo|CH CHE Switzerland/Schweiz/Suisse/Svizzera
CI CIV Côte d'Ivoire/Cote d Ivoire/Ivory Coast|CK COK Cook Islands|CL CHL Chile|CM CMR Cameroon
CN CHN China/PR China/P.R. China/P.R.C./PRC/People's Republic of China/Mainland China/中国/中国大陆/中华人民共和国
CO COL Colombia|CR CRI Costa Rica|CU CUB Cuba|CV CPV Cabo Verde/Cape Verde|CW CUW Curaçao|CX CXR Christmas Island
CY CYP Cyprus|CZ CZE Czechia/Czech Republic|DE DEU Germany/Deutschland/Allemagne/Alemania/Germania|DJ DJI Djibouti
DK DNK Denmark/Danmark|DM DMA Dominica|DO DOM Dominican Republic|DZ DZA Algeria|EC ECU Ecuador|EE EST Estonia
EG EGY Egypt|EH ESH Western Sahara|ER ERI Eritrea|ES ESP Spain/España/Espagne/Spanien|ET ETH Ethiopia|FI FIN Finland
FJ FJI Fiji|FK FLK Falkland Islands|FM FSM Micronesia|FO FRO Faroe Islands|FR FRA France/Frankreich/Francia
GA GAB Gabon|GB GBR United Kingdom/UK/U.K./Great Britain/England/Scotland/Wales/Northern Ireland/Royaume-Uni
GD GRD Grenada|GE GEO Georgia|GF GUF French Guiana|GG GGY Guernsey|GH GHA Ghana|GI GIB Gibraltar|GL GRL Greenland
GM GMB Gambia/The Gambia|GN GIN Guinea|GP GLP Guadeloupe|GQ GNQ Equatorial Guinea|GR GRC Greece/Hellas
GT GTM Guatemala|GU GUM Guam|GW GNB Guinea-Bissau|GY GUY Guyana|HK HKG Hong Kong/HK SAR/Hong Kong SAR/香港
HN HND Honduras|HR HRV Croatia|HT HTI Haiti|HU HUN Hungary|ID IDN Indonesia|IE IRL Ireland|IL ISR Israel
IM IMN Isle of Man|IN IND India|IO IOT British Indian Ocean Territory|IQ IRQ Iraq
IR IRN Iran/Islamic Republic of Iran|IS ISL Iceland|IT ITA Italy/Italia/Italie/Italien|JE JEY Jersey|JM JAM Jamaica
JO JOR Jordan|JP JPN Japan/日本|KE KEN Kenya|KG KGZ Kyrgyzstan|KH KHM Cambodia|KI KIR Kiribati|KM COM Comoros
KN KNA Saint Kitts and Nevis|KP PRK North Korea/Korea, North/DPRK
KR KOR South Korea/Korea, South/Republic of Korea/Korea
KW KWT Kuwait|KY CYM Cayman Islands|KZ KAZ Kazakhstan|LA LAO Laos|LB LBN Lebanon|LC LCA Saint Lucia
LI LIE Liechtenstein|LK LKA Sri Lanka|LR LBR Liberia|LS LSO Lesotho|LT LTU Lithuania|LU LUX Luxembourg|LV LVA Latvia
LY LBY Libya|MA MAR Morocco|MC MCO Monaco|MD MDA Moldova|ME MNE Montenegro|MF MAF Saint Martin|MG MDG Madagascar
MH MHL Marshall Islands|MK MKD North Macedonia/Macedonia|ML MLI Mali|MM MMR Myanmar/Burma|MN MNG Mongolia
MO MAC Macau/Macao/澳门|MP MNP Northern Mariana Islands|MQ MTQ Martinique|MR MRT Mauritania|MS MSR Montserrat
MT MLT Malta|MU MUS Mauritius|MV MDV Maldives|MW MWI Malawi|MX MEX Mexico/México|MY MYS Malaysia|MZ MOZ Mozambique
NA NAM Namibia|NC NCL New Caledonia|NE NER Niger|NF NFK Norfolk Island|NG NGA Nigeria|NI NIC Nicaragua
NL NLD Netherlands/The Netherlands/Nederland/Holland|NO NOR Norway/Norge|NP NPL Nepal|NR NRU Nauru|NU NIU Niue
NZ NZL New Zealand|OM OMN Oman|PA PAN Panama/Panamá|PE PER Peru|PF PYF French Polynesia|PG PNG Papua New Guinea
PH PHL Philippines/The Philippines|PK PAK Pakistan|PL POL Poland/Polska|PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn|PR PRI Puerto Rico|PS PSE Palestine/Palestinian|PT PRT Portugal|PW PLW Palau|PY PRY Paraguay
QA QAT Qatar|RE REU Réunion|RO ROU Romania|RS SRB Serbia|RU RUS Russia/Russian Federation/Россия|RW RWA Rwanda
SA SAU Saudi Arabia/KSA|SB SLB Solomon Islands|SC SYC Seychelles|SD SDN Sudan|SE SWE Sweden/Sverige
SG SGP Singapore/新加坡|SH SHN Saint Helena|SI SVN Slovenia|SJ SJM Svalbard|SK SVK Slovakia|SL SLE Sierra Leone
SM SMR San Marino|SN SEN Senegal|SO SOM Somalia|SR SUR Suriname|SS SSD South Sudan|ST STP Sao Tome and Principe
SV SLV El Salvador|SX SXM Sint Maarten|SY SYR Syria/Syrian Arab Republic|SZ SWZ Eswatini/Swaziland
TC TCA Turks and Caicos Islands|TD TCD Chad|TG TGO Togo|TH THA Thailand|TJ TJK Tajikistan|TK TKL Tokelau
TL TLS Timor-Leste/East Timor|TM TKM Turkmenistan|TN TUN Tunisia|TO TON Tonga|TR TUR Turkey/Türkiye
TT TTO Trinidad and Tobago|TV TUV Tuvalu|TW TWN Taiwan/台湾|TZ TZA Tanzania|UA UKR Ukraine/Україна|UG UGA Uganda
US USA United States/United States of America/U.S.A./U.S./America/美国|UY URY Uruguay|UZ UZB Uzbekistan
VA VAT Vatican City/Holy See|VC VCT Saint Vincent and the Grenadines|VE VEN Venezuela
VG VGB British Virgin Islands/Virgin Islands, British/BVI|VI VIR US Virgin Islands|VN VNM Vietnam/Viet Nam
VU VUT Vanuatu|WF WLF Wallis and Futuna|WS WSM Samoa|XK XKX Kosovo|YE YEM Yemen|YT MYT Mayotte|ZA ZAF South Africa
ZM ZMB Zambia|ZW ZWE Zimbabwe
"""


def plain_words(text: str) -> str:
    """Return the text folded, free of accents and punctuation, words one space apart.

    >>> plain_words("P.R. China")
    'pr china'
    """
    folded = unaccent(fold(clean(text))).replace(".", "").replace("'", "")
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())


@cache
def country_names() -> MappingProxyType[str, str]:
    """Return the code of each name, plain: ``{"germany": "DE", "deutschland": "DE", ...}``; codes are not in it."""
    found: dict[str, str] = {}
    for entry in _TABLE.replace("\n", "|").split("|"):
        code, _, rest = entry.strip().partition(" ")
        if rest:
            found |= dict.fromkeys(map(plain_words, rest[4:].split("/")), code)
    return MappingProxyType(found)


@cache
def _codes() -> MappingProxyType[str, str]:
    entries = [entry.split(" ", 2) for entry in _TABLE.strip().replace("\n", "|").split("|")]
    pairs = [(name, code) for code, alpha3, _ in entries for name in (code, alpha3)]
    return MappingProxyType({**dict(pairs), "UK": "GB", "EL": "GR"})  # EL is how VAT numbers write Greece


def country_code(country: str | None) -> str | None:
    """Return the alpha-2 code of a code or a name, None where it names no country.

    >>> country_code("usa"), country_code("Singapore"), country_code("Narnia")
    ('US', 'SG', None)
    """
    if not country:
        return None
    code = _codes().get(country.strip().upper()) if len(country) <= 8 else None
    return code or country_names().get(plain_words(country[:80]))  # no country's name is longer than 80 characters
