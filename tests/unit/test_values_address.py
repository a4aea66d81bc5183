"""Addresses: equal doors compare equal, different doors never do, places are no addresses."""

import pyarrow as pa
import pytest

from ringwatch.model.kinds import REGISTRY
from ringwatch.values.address import NO_STREET, address_line, address_line_column
from ringwatch.values.normalise import normalise

ADDRESS = REGISTRY["address"]

EQUAL = [
    (
        "Rm. 1203, Bldg 5, 88 Zhongshan North Rd., Shanghai",
        "Room 1203 Building No.5, No. 88 North Zhongshan Road Shanghai",
        "ROOM 1203, BLDG. 5, 88 ZHONGSHAN BEI LU, SHANGHAI, P.R. CHINA",
        "Unit 1203, Building 5, 88 Zhongshan Beilu, Shanghai, China",
    ),
    ("3210 W Arthington St", "3210 W. Arthington Street", "3210 West Arthington", "3210 w arthington st., USA"),
    ("12 High St #1203", "12 High Street, Apt 1203", "Unit 1203, 12 High St", "Flat No. 1203, 12 High Street"),
    ("338 E 103rd", "338 E. 103 St", "338 East 103rd Street"),
    (
        "675 Third Ave, 29th Fl., New York, NY 10017",
        "675 3rd Avenue, Floor 29, New York, New York 10017, United States",
    ),
    ("123 Main St, Las Vegas NV 89132", "123 Main Street, Las Vegas, Nevada", "123 Main St., Las Vegas, NV 89111-0001"),
    (
        "上海市浦东新区张江镇科苑路88号3号楼1203室",
        "上海浦东新区张江镇科苑路８８号三号楼１２０３室",
        "中国上海市浦東新區張江鎮科苑路 88 號 3 棟 1203 房",
    ),
    ("重庆市重庆市九龙坡区竹浦街467号", "重庆市九龙坡区竹浦街467号"),
    ("广东省深圳市福田区深南大道1号A座12楼1201室", "深圳市福田区深南大道1号a座12层1201室"),
    ("東京都千代田区丸の内1丁目2番3号", "東京都千代田区丸の内1-2-3"),
    (
        "Hauptstraße 12, 10115 Berlin",
        "Hauptstr. 12, 10115 Berlin, Germany",
        "HAUPTSTRASSE 12; 10115 Berlin Deutschland",
    ),
    ("Calle 18 No. 8-16, Ofc. 505, Pereira, Colombia", "Cll. 18 # 8-16, Of. 505, Pereira"),
    ("12, Rue de la Paix, 75002 Paris, France", "12 rue la Paix 75002 Paris"),
    ("Via Roma n. 5, Milano", "Via Roma 5, Milano, Italia"),
    ("P.O. Box 123, Tehran, Iran", "PO Box 123, Tehran", "Postal Box No. 123, Tehran"),
    ("3/F, 12 Nathan Road, Kowloon, Hong Kong", "3rd Floor, 12 Nathan Rd, Kowloon"),
    ("c/o 6-4-21 Akasaka, Tokyo, Japan", "6-4-21 Akasaka, Tokyo"),
    ("12 King St, Honolulu, HI", "12 King Street, Honolulu, Hawaii"),
    ("007 Elm Road, Leeds", "7 Elm Rd., Leeds, U.K."),
]

DIFFERENT = [
    ("12 High Street", "21 High Street"),
    ("12 High Street", "12 High Road"),
    ("12 High Street, Leeds", "12 High Street, York"),
    ("上海市中山北路15号", "上海市中山北路51号"),
    ("中山路15弄8号", "中山路8弄15号"),
    ("科苑路88号1203室", "科苑路88号1302室"),
    ("科苑路88号5号楼3层", "科苑路88号3号楼5层"),
    ("云南路100号", "贵州路100号"),
    ("吉林市昌邑区1号", "昌邑区1号"),
    ("Room 5, Bldg 1203, 88 Zhongshan Rd", "Room 1203, Bldg 5, 88 Zhongshan Rd"),
    ("200 N 100 W", "200 W 100 N"),
    ("200 N 100 W", "100 N 200 W"),
    ("4846 N 5th Ave", "4846 S 5th Ave"),
    ("House 12, Road 5", "House 5, Road 12"),
    ("Carrera 28 No. 7-35", "Calle 28 No. 7-35"),
    ("Carrera 28 Calle 7", "Calle 28 Carrera 7"),
    ("12 5th Ave", "12 5th St"),
    ("10 Oak Rd, Floor 3", "10 Oak Rd, Room 3"),
]


def value(text: str, country: str | None = None) -> str:
    found = normalise(ADDRESS, text, country).value
    assert found is not None, text
    return found


@pytest.mark.parametrize("group", EQUAL, ids=lambda group: group[0])
def test_writings_of_one_door_are_equal(group: tuple[str, ...]) -> None:
    assert {value(text) for text in group} == {value(group[0])}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_doors_stay_apart(one: str, other: str) -> None:
    assert value(one) != value(other)


@pytest.mark.parametrize(
    "text",
    [
        ", Santo André, SP 9080",
        "San Jose 45070, Mexico",
        "Lagos, Nigeria",
        "上海市浦东新区",
        "Havana",
        "CA 90210",
        "Pyongyang, Korea, North",
    ],
)
def test_a_place_is_no_address(text: str) -> None:
    assert normalise(ADDRESS, text).junk == NO_STREET


@pytest.mark.parametrize("text", ["12 High Street, Leeds", "科苑路88号", "Hauptstr. 12, 10115 Berlin"])
def test_a_country_hint_changes_nothing(text: str) -> None:
    assert value(text, "US") == value(text, "China") == value(text)


def test_state_and_floor_are_told_apart_by_their_place() -> None:
    assert "us:fl" in value("5599 NW 23rd Ave, Boca Raton, FL 33496")
    assert "floor:2" in value("5599 NW 23rd Ave, Fl 2, Boca Raton")


def test_structured_columns_make_one_line() -> None:
    assert address_line("88 High St", "Apt 3", "Leeds", None, "LS1 4AB", "GB") == "88 High St, Apt 3, Leeds, LS1 4AB"
    assert value(address_line("1 Elm St", "", "Reno", "NV", "89501")) == value("1 Elm Street, Reno, NV 89501, USA")
    assert address_line(None, None) == ""


def test_columns_join_as_rows_do() -> None:
    rows = [
        ("88 High St", "Apt 3", "Leeds", None, "LS1 4AB", "GB"),
        ("1 Elm St", None, "Reno", "NV", "89501", "US"),
        (" 1 Elm St ", "", "", "NV", "", None),
        (None, None, "Reno", "NV", "89501", None),
        (None, "Apt 3", None, None, None, None),
        (None, None, None, None, None, "US"),
        (None, None, None, None, "89501", "US"),
    ]
    columns = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
    assert address_line_column(*columns).to_pylist() == [address_line(*row) for row in rows]
    assert address_line_column(columns[0], columns[1]).to_pylist() == [address_line(*row[:2]) for row in rows]
    assert normalise(ADDRESS, address_line(*rows[3])).junk == NO_STREET
