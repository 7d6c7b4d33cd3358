"""One vocabulary of categories and topics, and every old word for one of them becomes its key.

A word that stands for none of them stays as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# For each category its key with the one above it, its names in these languages, further words for the same, and words
# that things of the sort have in their titles.
_LANGUAGES = ("en", "sv", "da", "zh_Hant", "ar")
_SEEDS = """
home
Home | Hem | Hjem | 居家 | المنزل
= house | household | homeware | home and living
en: vase curtain rug carpet mirror frame candle pillow blanket duvet vacuum iron
sv: vas gardin matta spegel ram ljusstake kudde filt täcke dammsugare strykjärn
da: vase gardin tæppe spejl ramme lysestage pude dyne støvsuger strygejern
zh_Hant: 花瓶 窗簾 地毯 鏡子 相框 枕頭 棉被 吸塵器
ar: مزهرية ستارة سجادة مرآة وسادة بطانية

kitchen < home
Kitchen | Kök | Køkken | 廚房 | المطبخ
= kitchenware | cooking | cookware
en: mug cup cups kettle pan pot teapot knife plate plates bowl jar jars grinder espresso moccamaster coffee dripper
en: blender oven toaster fork spoon tagine
sv: mugg kopp koppar kittel panna gryta tekanna kniv tallrik skål burk kaffebryggare ugn brödrost gaffel sked
da: krus kop kopper kedel pande gryde tekande kniv tallerken skål glas kaffemaskine ovn brødrister gaffel ske
zh_Hant: 杯子 馬克杯 水壺 鍋子 平底鍋 茶壺 菜刀 盤子 碗 咖啡機 烤箱
ar: كوب إبريق مقلاة قدر سكين صحن طنجرة

furniture < home
Furniture | Möbler | Møbler | 家具 | الأثاث
= furnishings
en: chair armchair stool table desk sofa couch bed shelf bookcase wardrobe cupboard lamp lantern dresser mattress
sv: stol fåtölj pall bord skrivbord soffa säng hylla bokhylla garderob skåp lampa byrå madrass
da: stol lænestol skammel bord skrivebord sofa seng hylde reol skab lampe kommode madras
zh_Hant: 椅子 凳子 桌子 書桌 沙發 床架 書架 衣櫃 檯燈 床墊
ar: كرسي طاولة مكتب أريكة سرير رف خزانة مصباح

garden < home
Garden | Trädgård | Have | 園藝 | الحديقة
= gardening | plants | garden and plants
en: plant plants seed seeds seedling seedlings cutting monstera olive tree flowerpot lawnmower secateurs compost
sv: planta växt växter frö frön stickling blomkruka gräsklippare sekatör kompost krukväxt
da: plante planter frø stikling urtepotte plæneklipper grensaks kompost
zh_Hant: 植物 盆栽 種子 幼苗 花盆 割草機
ar: نبتة نباتات بذور شتلة أصيص

tools < home
Tools | Verktyg | Værktøj | 工具 | الأدوات
= diy | hardware
en: drill hammer saw spanner spanners wrench screwdriver toolbox ladder pliers chisel chisels plane sander
sv: borr borrmaskin hammare såg skiftnyckel skruvmejsel verktygslåda stege tång stämjärn hyvel
da: boremaskine hammer sav skruenøgle skruetrækker værktøjskasse stige tang mejsel høvl
zh_Hant: 電鑽 鎚子 鋸子 扳手 螺絲起子 梯子
ar: مثقاب مطرقة منشار مفك سلم

electronics
Electronics | Elektronik | Elektronik | 電子產品 | الإلكترونيات
= electronic | gadgets | tech | computers
en: phone iphone laptop computer tablet ipad monitor screen keyboard printer television tv charger cable router
en: headphones loudspeaker speaker radio playstation xbox nintendo
sv: telefon mobil dator bärbar surfplatta skärm tangentbord skrivare laddare sladd hörlurar högtalare
da: telefon mobil computer skærm tastatur printer fjernsyn oplader hovedtelefoner højttaler
zh_Hant: 手機 筆電 電腦 平板 螢幕 鍵盤 印表機 電視 充電器 耳機 喇叭
ar: هاتف حاسوب شاشة طابعة تلفاز شاحن سماعات

photo < electronics
Photography | Foto | Foto | 攝影 | التصوير
= photos | camera | cameras
en: lens tripod olympus rolleiflex nikon canon leica enlarger projector darkroom film slide
sv: kamera objektiv stativ förstoringsapparat projektor mörkrum
da: kamera objektiv stativ fremviser
zh_Hant: 相機 鏡頭 腳架 底片 投影機
ar: كاميرا عدسة حامل

clothing
Clothing | Kläder | Tøj | 服飾 | الملابس
= clothes | fashion | clothing and shoes
en: jacket coat sweater shirt dress trousers jeans skirt shoes boots sneakers hat scarf gloves suit bag handbag
sv: jacka kappa rock tröja skjorta klänning byxor kjol skor stövlar mössa halsduk handskar kostym väska
da: jakke frakke trøje skjorte kjole bukser nederdel sko støvler hue tørklæde handsker taske
zh_Hant: 外套 夾克 毛衣 襯衫 洋裝 褲子 裙子 鞋子 靴子 帽子 圍巾 包包
ar: سترة معطف قميص فستان بنطال تنورة حذاء قبعة حقيبة

kids
Kids | Barn | Børn | 兒童用品 | الأطفال
= children | child | baby | kids and baby | 兒童
en: pram stroller crib toy toys doll lego nappies highchair childrens toddler
sv: barnvagn spjälsäng leksak leksaker docka blöjor barnstol
da: barnevogn tremmeseng legetøj dukke bleer højstol
zh_Hant: 嬰兒車 玩具 娃娃 尿布 童裝
ar: عربة لعبة دمية حفاضات

sport
Sport | Sport | Sport | 運動 | الرياضة
= sports | fitness | exercise
en: ski skis skates football tennis racket dumbbell yoga treadmill skateboard surfboard swimming running
sv: skidor skridskor fotboll racket hantel löpband simning löpning
da: ski skøjter fodbold ketsjer håndvægt løbebånd
zh_Hant: 滑雪 足球 網球 球拍 啞鈴 瑜伽 滑板
ar: كرة مضرب دمبل تزلج

bikes < sport
Bicycles | Cyklar | Cykler | 腳踏車 | الدراجات
= bike | bikes | bicycle | cycling | cykel | 自行車 | 單車 | دراجة
en: pannier saddle handlebar crankset derailleur crescent brompton tandem
sv: cykelväska sadel styre racercykel lådcykel elcykel
da: cykeltaske saddel styr ladcykel elcykel racercykel
zh_Hant: 公路車 坐墊 車把
ar: دراجات

outdoor < sport
Outdoors | Friluftsliv | Friluftsliv | 戶外 | الهواء الطلق
= outdoor | hiking | camping
en: tent backpack rucksack thermos tarp sleeping climbing hiking kayak canoe trangia compass fishing
sv: tält ryggsäck termos sovsäck klättring vandring kajak kanot kompass fiske
da: telt rygsæk termokande sovepose klatring vandring kajak kano kompas fiskeri
zh_Hant: 帳篷 背包 保溫瓶 睡袋 登山 攀岩 獨木舟
ar: خيمة حقيبة ترمس تسلق

hobbies
Culture and hobbies | Kultur och fritid | Kultur og fritid | 文化與嗜好 | الثقافة والهوايات
= hobby | hobbies | culture | leisure

music < hobbies
Music | Musik | Musik | 音樂 | الموسيقى
= musical instruments | instruments
en: guitar violin piano ukulele drum drums flute trumpet synthesizer amplifier turntable record records vinyl cello
sv: gitarr fiol trumma trummor flöjt trumpet skivspelare skivor vinyl synt
da: guitar violin klaver tromme fløjte trompet pladespiller plader
zh_Hant: 吉他 小提琴 鋼琴 烏克麗麗 鼓組 長笛 唱片 黑膠
ar: غيتار كمان بيانو طبل ناي

books < hobbies
Books | Böcker | Bøger | 書籍 | الكتب
= book | literature | reading
en: novel novels cookbook cookbooks encyclopaedia comic comics poetry textbook paperback magazine
sv: bok roman deckare kokbok uppslagsverk serietidning poesi
da: bog roman krimi kogebog leksikon tegneserie digte
zh_Hant: 小說 食譜 漫畫 詩集 課本 雜誌
ar: كتاب رواية قصص شعر مجلة

art < hobbies
Art and craft | Konst och hantverk | Kunst og håndværk | 藝術與手作 | الفنون والحرف
= art | arts | craft | crafts | handicraft | arts and crafts
en: painting print poster sculpture pottery glaze yarn knitting sewing loom easel handmade ceramic
sv: tavla målning affisch skulptur keramik garn stickning symaskin vävstol handgjord
da: maleri plakat skulptur keramik garn strik symaskine væv håndlavet
zh_Hant: 油畫 海報 雕塑 陶藝 毛線 縫紉機 手工
ar: لوحة منحوتة خزف خياطة

games < hobbies
Games | Spel | Spil | 遊戲 | الألعاب
= game | board games
en: boardgame board puzzle chess cards dice monopoly
sv: brädspel pussel schack kortspel
da: brætspil puslespil skak kortspil
zh_Hant: 桌遊 拼圖 象棋 撲克牌
ar: شطرنج أحجية

vintage < hobbies
Vintage | Antikt och vintage | Antik og vintage | 古董與復古 | التحف
= antique | antiques | retro | collectibles
en: antique art deco tube gramophone
sv: antik antikt rörradio grammofon
da: antik grammofon
zh_Hant: 古董 復古
ar: عتيق

food
Food | Mat | Mad | 美食 | الطعام
= food and drink | groceries | restaurants | restaurant | eating out
en: honey jam bread sourdough wine beer cheese sausage flour vegetables fruit apples blend tea beans
sv: honung sylt bröd surdeg vin öl ost korv mjöl grönsaker frukt äpplen
da: honning marmelade brød surdej vin øl ost pølse mel grøntsager frugt æbler
zh_Hant: 蜂蜜 果醬 麵包 葡萄酒 啤酒 起司 蔬菜 水果 茶葉
ar: عسل مربى خبز جبن خضار فاكهة

health
Health | Hälsa | Sundhed | 健康 | الصحة
= health and care | medicine | wellness | doctors
en: dentist doctor physiotherapist massage therapist pharmacy glasses crutches
sv: tandläkare läkare sjukgymnast massage apotek glasögon kryckor
da: tandlæge læge fysioterapeut massage apotek briller
zh_Hant: 牙醫 醫師 按摩 藥局 眼鏡
ar: طبيب أسنان تدليك صيدلية نظارات

help
Services and lessons | Tjänster och lektioner | Tjenester og undervisning | 服務與課程 | الخدمات والدروس
= services | service | lessons | teaching | courses
en: lesson lessons cleaning moving babysitting tutoring haircut course teacher
sv: lektion lektioner städning flytthjälp barnvakt läxhjälp klippning kurs lärare
da: lektion rengøring flyttehjælp babysitter lektiehjælp klipning kursus lærer
zh_Hant: 課程 家教 打掃 搬家 保姆 理髮
ar: درس تنظيف نقل حلاقة دورة

repair < help
Repair | Reparation | Reparation | 維修 | الإصلاح
= repairs | fixing | mending
en: fix truing mending alterations hems zips workshop
sv: laga lagning laggning verkstad uppläggning
da: reparere værksted oplægning
zh_Hant: 修理 維修 改衣
ar: تصليح ورشة

pets
Pets | Husdjur | Kæledyr | 寵物 | الحيوانات الأليفة
= pet | animals
en: dog cat aquarium leash hamster rabbit kennel
sv: hund katt akvarium koppel hamster kanin
da: hund kat akvarium snor hamster kanin
zh_Hant: 狗狗 貓咪 水族箱 牽繩
ar: كلب قطة حوض

vehicles
Cars and vehicles | Bilar och fordon | Biler og køretøjer | 汽車與車輛 | السيارات والمركبات
= cars | car | vehicles | motors | vehicle
en: car van motorcycle moped scooter trailer tyres boat volvo saab
sv: bil husbil motorcykel moped släpvagn däck båt
da: bil motorcykel knallert trailer dæk båd
zh_Hant: 汽車 機車 拖車 輪胎
ar: سيارة شاحنة إطارات قارب

travel
Travel and places | Resor och platser | Rejser og steder | 旅遊與地點 | السفر والأماكن
= travel | trips | places | holidays
en: suitcase hotel cabin hostel guidebook
sv: resväska hotell stuga vandrarhem
da: kuffert hotel hytte vandrerhjem
zh_Hant: 行李箱 飯店 民宿
ar: فندق

other
Other | Övrigt | Andet | 其他 | أخرى
= miscellaneous | misc
"""

# What listings become on the way down where they could not be so before, and what items were usually called.
_NEAREST = {
    "food": "kitchen",
    "outdoor": "sport",
    "photo": "electronics",
    "vintage": "electronics",
    "repair": "tools",
    **dict.fromkeys(("hobbies", "health", "pets", "vehicles", "travel"), "other"),
}
_BEFORE = {"bikes": "bicycles", "clothing": "clothes", "kids": "children", "help": "services", "art": "crafts"}


def upgrade() -> None:
    table = op.create_table(
        "category",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("parent_key", sa.String(length=20), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("synonyms", Json, nullable=False),
        sa.Column("hints", Json, nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["parent_key"], ["category.key"], name=op.f("fk_category_parent_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_category")),
    )
    op.create_index(op.f("ix_category_parent_key"), "category", ["parent_key"], unique=False)
    bind = op.get_bind()
    rows = _rows()
    for row in rows:
        bind.execute(sa.insert(table).values(row))
    keys = _keys_by_word(rows)
    _rewrite(bind, lambda word: keys.get(_plain(word), word))
    # Documents of the search have categories among their words: they are made anew, and none is missing meanwhile.
    bind.execute(sa.text("UPDATE search_state SET folding = ''"))


def downgrade() -> None:
    bind = op.get_bind()
    _rewrite(bind, lambda word: _BEFORE.get(word, word))
    listing = sa.table("listing", sa.column("category"))
    for new, before in _NEAREST.items():
        bind.execute(sa.update(listing).where(listing.c.category == new).values(category=before))
    bind.execute(sa.text("UPDATE search_state SET folding = ''"))
    op.drop_index(op.f("ix_category_parent_key"), table_name="category")
    op.drop_table("category")


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for place, block in enumerate(_SEEDS.strip().split("\n\n")):
        first, names, synonyms, *hints = block.split("\n")
        key, _below, parent_key = first.partition(" < ")
        words: dict[str, list[str]] = {}
        for line in hints:
            language, _colon, some = line.partition(": ")
            words.setdefault(language, []).extend(some.split())
        rows.append(
            {
                "key": key,
                "parent_key": parent_key or None,
                "position": place,
                "names": dict(zip(_LANGUAGES, names.split(" | "), strict=True)),
                "synonyms": synonyms.removeprefix("= ").split(" | "),
                "hints": words,
            }
        )
    return rows


def _keys_by_word(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Keys and English words first: where another language has the same word for something else, these are meant."""
    found: dict[str, str] = {}
    for row in rows:
        for word in (row["key"], row["names"]["en"], *row["synonyms"]):
            found.setdefault(_plain(word), row["key"])
    for row in rows:
        for word in row["names"].values():
            found.setdefault(_plain(word), row["key"])
    return found


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def _rewrite(bind: sa.Connection, change: Callable[[str], str]) -> None:
    """Every word that is kept somewhere, once for each word and not for each row."""
    for name, column in (("item", "category"), ("vouch", "topic"), ("ask", "topic")):
        table = sa.table(name, sa.column(column))
        for old in bind.scalars(sa.select(table.c[column]).distinct()).all():
            if old and (new := change(old)) != old:
                bind.execute(sa.update(table).where(table.c[column] == old).values({column: new}))
    _rewrite_feed(bind, change)


def _rewrite_feed(bind: sa.Connection, change: Callable[[str], str]) -> None:
    kept = sa.table("feed_preference", sa.column("member_id"), sa.column("topics", Json))
    for row in bind.execute(sa.select(kept)).all():
        if not isinstance(row.topics, list):
            continue
        topics = list(dict.fromkeys(change(one) for one in row.topics))
        if topics != row.topics:
            bind.execute(sa.update(kept).where(kept.c.member_id == row.member_id).values(topics=topics))
    choice = sa.table("feed_choice", sa.column("member_id"), sa.column("choice"), sa.column("target"))
    less = choice.c.choice == "less"
    for old in bind.scalars(sa.select(choice.c.target).where(less).distinct()).all():
        new = change(old)
        if new == old:
            continue
        # Who has chosen both words has chosen the key once.
        again = sa.select(choice.c.member_id).where(less, choice.c.target == new).scalar_subquery()
        bind.execute(sa.delete(choice).where(less, choice.c.target == old, choice.c.member_id.in_(again)))
        bind.execute(sa.update(choice).where(less, choice.c.target == old).values(target=new))
