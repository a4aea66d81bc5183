"""Words of addresses as tables: how each is written in full and short, and what a number beside it means.

English in full; the street words that German, French, Spanish, Portuguese, Italian, Turkish, Russian (in Latin
letters) and pinyin addresses use every day.
"""

from types import MappingProxyType


def _table(text: str) -> MappingProxyType[str, str]:
    """Return each further word of a line mapped to the line's first word."""
    lines = (line.split() for line in text.strip().splitlines())
    return MappingProxyType({word: line[0] for line in lines for word in line})


STREET_TYPES = _table(
    """
    st street str strasse saint stree strt jie dajie
    rd road lu
    ave avenue av aven avenida avda avd dadao
    blvd boulevard boul bd bl bld bvd bulvar bulevar
    dr drive drv
    ln lane
    ct court crt
    pl place platz plaza plza plz
    sq square
    ter terrace terr
    pkwy parkway pky
    hwy highway hway
    cir circle circ
    cres crescent
    trl trail
    way
    aly alley
    expy expressway
    fwy freeway
    cl close calle cll clle
    grn green
    gdns gardens
    mews
    row
    walk
    wharf
    quay quai
    rue
    chemin ch che
    impasse imp
    allee all
    cra carrera kra cr crr carr
    ctra carretera
    diagonal diag
    trans transversal transv trv tv travessa
    calz calzada
    camino cno
    paseo pso
    via
    viale vle
    piazza pza pzza
    corso cso
    rua
    rodovia rod
    praca pca
    sk sokak sok sokagi
    cd cad cadde caddesi
    ul ulitsa ulitza ulica
    prospekt prosp
    per pereulok
    weg
    gasse
    straat
    xiang hutong
    jalan jln jl
    soi
    """
)
"""Words that make a street; a number right behind one, with no name between, names the street (``Calle 18``)."""

BOUND = _table(
    """
    bldg building bld. blg bldng block blk tower twr bat batiment edificio edif bloco bloque blok korpus korp
    room rm unit apt apartment appt apartamento apto suite ste flat # office ofc ofic oficina off depto departamento
    room dpto sala daire kv kvartira zimmer wohnung whg interno interior int
    shop stall store booth local
    casa
    floor fl flr level lvl piso etage stock og andar piano kat lou ebene
    entrance entr danyuan scala escalier esc
    pobox postfach apartado apdo
    ln aisle nong
    lot plot lote
    sector
    phase
    km
    zone zona
    house haus dom
    """
)
"""Words whose number is a role of its own: the number stays bound to it (``room:1203`` is never ``bldg:1203``)."""

DIRECTIONS = _table(
    """
    n north nord norte bei
    s south sud sur nan
    e east est este ost dong
    w west ouest oeste xi
    ne northeast
    nw northwest
    se southeast
    sw southwest
    """
)

NUMBER_MARKS = frozenset(["no", "nr", "num", "nro", "numero", "number", "numer", "nummer", "hao"])
"""Words that only say that a number follows or went before."""

IDLE = frozenset(
    [
        "the",
        "of",
        "and",
        "de",
        "del",
        "der",
        "des",
        "du",
        "d",
        "l",
        "da",
        "do",
        "dos",
        "province",
        "prov",
        "district",
        "dist",
        "municipality",
        "county",
    ]
)
"""Words that some writers leave out."""

SYNONYMS = _table(
    """
    ctr center centre centro
    ind industrial
    est. estate
    mt mount
    ft fort
    hts heights
    intl international
    col colonia
    urb urbanizacion
    pol poligono
    mah mahallesi mahalle
    fbg faubourg
    pk park
    jct junction
    mkt market
    apts apartments
    """
)

ORDINAL_WORDS = MappingProxyType(
    {
        word: f"{number}th"
        for number, word in enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
            ],
            start=1,
        )
    }
)

_STATES = (
    "al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|fl florida"
    "|ga georgia|hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine"
    "|md maryland|ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska"
    "|nv nevada|nh new hampshire|nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio"
    "|ok oklahoma|or oregon|pa pennsylvania|ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas"
    "|ut utah|vt vermont|va virginia|wa washington|wv west virginia|wi wisconsin|wy wyoming|dc district of columbia"
)
STATES = MappingProxyType({name: code for code, _, name in (entry.partition(" ") for entry in _STATES.split("|"))})
"""Code of each state of the USA by its name, both in lower case."""
STATE_CODES = frozenset(STATES.values())

SIMPLIFIED = str.maketrans(
    "號樓區縣鎮鄉東廣棟單門層園廈國灣臺龍業開發陽寧蘇漢滬頭圍橋場馬莊義烏慶長豐華麗濱爾瀋貴雲紅興聖廠鋪檔羅環嶺灘綠張鐵陳鄧趙"
    "劉黃蕭鄭許謝吳楊孫錢馮錦銅錫鋼銀溫溝滿潤澤灃瓊畢畫礦積穀節紡織線維緯縱總聯職艦蘭蝦衛裝觀設証詩讓貨貿資賢趕跡躍車軍軸輝輪"
    "轉農運達遠遼邊郵鄰鍾鎖鏡關陸陰隊際隨雙雞電霧靈靜順領頂風飛館騰驛鳳鳥鴻鶴麥齊龜勝勞勢匯協壩壽樹葉鶯蓮蘆蔣薩藍蘋藝藥處術衝"
    "製複親計訊訓記論譽讀財貢賀賓賽購贊輕載較輸辦邁郟鄒鄲醫鈴銘鋒錄鏈鐘鑄閔閣閘閩闊陝隴傑備僑優兒動務勵員問啟圓塊塵壇壯奧婁學"
    "實寶將專尋導島峽崗嶽幣幹廬廳彎後從復徑應懷戰戶拋捲掃揚換據攔擁擴攝數書會條桿棗棧極構樁標樞樣橢檢檯櫃欄權歐歷歸氣決淨淺淵"
    "減測渾準滄漁漲潔潛濟濤濕瀏瀘瀾灑無煙熱營燈爐爭牆牽狀獅獎獨獻玆現瑪產異當疊療盡盤盧監眾碼磚祿禪禮種稱穩窪窯競筆築簡簽籃籌"
    "糧紀約純紙級細組結絡給統絲經綜網綿緊緒緣編緩練縫績繞繡繩繼續",
    "号楼区县镇乡东广栋单门层园厦国湾台龙业开发阳宁苏汉沪头围桥场马庄义乌庆长丰华丽滨尔沈贵云红兴圣厂铺档罗环岭滩绿张铁陈邓赵"
    "刘黄萧郑许谢吴杨孙钱冯锦铜锡钢银温沟满润泽沣琼毕画矿积谷节纺织线维纬纵总联职舰兰虾卫装观设证诗让货贸资贤赶迹跃车军轴辉轮"
    "转农运达远辽边邮邻钟锁镜关陆阴队际随双鸡电雾灵静顺领顶风飞馆腾驿凤鸟鸿鹤麦齐龟胜劳势汇协坝寿树叶莺莲芦蒋萨蓝苹艺药处术冲"
    "制复亲计讯训记论誉读财贡贺宾赛购赞轻载较输办迈郏邹郸医铃铭锋录链钟铸闵阁闸闽阔陕陇杰备侨优儿动务励员问启圆块尘坛壮奥娄学"
    "实宝将专寻导岛峡岗岳币干庐厅弯后从复径应怀战户抛卷扫扬换据拦拥扩摄数书会条杆枣栈极构桩标枢样椭检台柜栏权欧历归气决净浅渊"
    "减测浑准沧渔涨洁潜济涛湿浏泸澜洒无烟热营灯炉争墙牵状狮奖独献兹现玛产异当叠疗尽盘卢监众码砖禄禅礼种称稳洼窑竞笔筑简签篮筹"
    "粮纪约纯纸级细组结络给统丝经综网绵紧绪缘编缓练缝绩绕绣绳继续",
)
"""Traditional to simplified, for characters that addresses are made of."""

PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|内蒙古|广西|西藏|宁夏|新疆"
)
"""Provinces that writers leave out before a city's name."""
