"""Which language a text, a post and a collection are likely to be in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from babel import Locale

import clothbound
from clothbound.language.detect import collection_language, detect_language, sample_of
from clothbound.language.stop_words import LETTERS, STOP_WORDS
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from docs_pages import all_words

LATIN = {
    "en": (
        "When the ferry stopped running, we learned how to wait for the weather.",
        "I used to think that a good harbour was one you could leave at any hour.",
        "WHY I NO LONGER READ THE NEWS IN THE MORNING, AND WHAT I DO INSTEAD",
    ),
    "de": (
        "Als die Fähre nicht mehr fuhr, lernten wir auf das Wetter zu warten.",
        "Früher dachte ich, ein guter Hafen sei einer, den man zu jeder Stunde verlassen kann.",
        "WARUM ICH AM MORGEN KEINE ZEITUNG MEHR LESE UND WAS ICH STATTDESSEN TUE",
    ),
    "fr": (
        "Quand le bac a cessé de passer, nous avons appris à attendre le beau temps.",
        "Je croyais qu'un bon port était celui que l'on peut quitter à toute heure.",
        "POURQUOI JE NE LIS PLUS LES NOUVELLES LE MATIN ET CE QUE JE FAIS À LA PLACE",
    ),
    "es": (
        "Cuando el ferri dejó de pasar, aprendimos a esperar el buen tiempo en la orilla.",
        "Yo creía que un buen puerto era el que se puede dejar a cualquier hora.",
        "POR QUÉ YA NO LEO LAS NOTICIAS POR LA MAÑANA Y LO QUE HAGO EN SU LUGAR",
    ),
    "ca": (
        "Quan la barca va deixar de passar, vam aprendre a esperar el bon temps a la riba.",
        "Abans em pensava que un bon port és aquell que es pot deixar a qualsevol hora del dia.",
        "PER QUÈ JA NO LLEGEIXO EL DIARI AL MATÍ I QUÈ FAIG AMB AQUEST TEMPS",
    ),
    "it": (
        "Quando il traghetto smise di passare, imparammo ad aspettare il tempo buono sulla riva.",
        "Credevo che un buon porto fosse quello che si può lasciare a tutte le ore.",
        "PERCHÉ NON LEGGO PIÙ LE NOTIZIE DEL MATTINO E CHE COSA FACCIO ORA",
    ),
    "pt": (
        "Quando a barca deixou de passar, aprendemos a esperar o bom tempo na margem.",
        "Eu achava que um bom porto era aquele que se pode deixar a qualquer hora do dia.",
        "PORQUE JÁ NÃO LEIO AS NOTÍCIAS PELA MANHÃ E O QUE FAÇO EM VEZ DISSO",
    ),
    "nl": (
        "Toen de veerboot niet meer voer, leerden we op het weer te wachten.",
        "Ik dacht vroeger dat een goede haven er een was die je op elk uur kan verlaten.",
        "WAAROM IK IN DE OCHTEND GEEN KRANT MEER LEES EN WAT IK DAN WEL DOE",
    ),
    "sv": (
        "När färjan slutade gå lärde vi oss att vänta på vädret vid stranden.",
        "Förr trodde jag att en bra hamn var en som man kan lämna när som helst.",
        "VARFÖR JAG INTE LÄSER TIDNINGEN PÅ MORGONEN OCH VAD JAG GÖR NU",
    ),
    "da": (
        "Da færgen holdt op med at sejle, lærte vi at vente på vejret.",
        "Jeg troede engang, at en god havn var en, man kunne forlade når som helst, og det blev min fejl.",
        "HVORFOR JEG IKKE LÆSER AVIS OM MORGENEN, OG HVAD JEG NU HAR AF TID",
    ),
    "nb": (
        "Da ferja sluttet å gå, lærte vi å vente på været ved stranden.",
        "Jeg trodde en gang at en god havn var en som man kan forlate når som helst, og det ble noe annet.",
        "HVORFOR JEG IKKE LESER AVISEN OM MORGENEN, OG HVA JEG NÅ GJØR I STEDET FOR DET",
    ),
    "fi": (
        "Kun lautta ei enää kulkenut, opimme odottamaan säätä, ja se oli hyvä.",
        "Ennen luulin, että hyvä satama on se, josta voi lähteä koska vain, mutta nyt en ole varma.",
        "MIKSI EN ENÄÄ LUE LEHTEÄ AAMULLA JA MITÄ TEEN SEN SIJAAN",
    ),
    "pl": (
        "Kiedy prom przestał kursować, nauczyliśmy się czekać na pogodę, a to nie jest łatwe.",
        "Dawniej myślałem, że dobry port to taki, z którego można wypłynąć o każdej porze i na długo.",
        "DLACZEGO JUŻ NIE CZYTAM GAZET OD RANA I CO ROBIĘ ZA TO",
    ),
    "cs": (
        "Když přívoz přestal jezdit, naučili jsme se čekat na počasí, a to je dobře.",
        "Dříve jsem si myslel, že dobrý přístav je ten, který se dá opustit v každou hodinu.",
        "PROČ UŽ RÁNO NEČTU NOVINY A CO JSEM SI NAŠEL JAKO NÁHRADU",
    ),
    "tr": (
        "Vapur artık gelmeyince havayı beklemeyi öğrendik, ama bu çok zor değil.",
        "Eskiden iyi bir liman her saat çıkılabilen bir liman diye düşünürdüm, sonra öyle değil dedim.",
        "NEDEN SABAH GAZETE OKUMUYORUM VE BUNUN YERİNE NE YAPIYORUM, BİR DE SEN NASIL",
    ),
    "id": (
        "Ketika feri tidak lagi datang, kami belajar menunggu cuaca di tepi laut.",
        "Dulu saya mengira pelabuhan yang baik adalah yang bisa ditinggalkan kapan saja.",
        "MENGAPA SAYA TIDAK LAGI MEMBACA BERITA PADA PAGI HARI DAN APA YANG KAMI BACA",
    ),
    "vi": (
        "Khi con phà không chạy nữa, chúng tôi học cách chờ thời tiết trên bờ.",
        "Trước đây tôi nghĩ rằng một bến cảng tốt là nơi người ta có thể rời đi bất cứ lúc nào.",
        "VÌ SAO TÔI KHÔNG ĐỌC TIN TỨC VÀO BUỔI SÁNG NỮA VÀ TÔI LÀM GÌ THAY VÀO ĐÓ",
    ),
    "hu": (
        "Amikor a komp már nem járt, megtanultunk várni az időjárásra a parton.",
        "Régen azt hittem, hogy a jó kikötő az, amit bármikor el lehet hagyni.",
        "MIÉRT NEM OLVASOK MÁR REGGEL ÚJSÁGOT, ÉS MIT CSINÁLOK EZ HELYETT MOST",
    ),
    "sk": (
        "Keď kompa prestala chodiť, naučili sme sa čakať na počasie, a to nie je ľahké.",
        "Kedysi som si myslel, že dobrý prístav je ten, ktorý sa dá opustiť v každej hodine.",
        "PREČO UŽ RÁNO NEČÍTAM NOVINY A ČO SOM SI NAŠIEL AKO NÁHRADU",
    ),
    "ro": (
        "Când bacul nu a mai venit, am învățat să așteptăm vremea bună pe mal.",
        "Credeam că un port bun este cel pe care îl poți părăsi la orice oră din zi.",
        "DE CE NU MAI CITESC ZIARUL DIMINEAȚA ȘI CE FAC ACUM ÎN LOCUL LUI",
    ),
}
SCRIPTS = {
    "ar": ("حين توقفت العبّارة", "تعلّمنا أن ننتظر الطقس على الشاطئ كل صباح."),
    "hy": ("Նավահանգիստը", "Մենք սովորեցինք սպասել եղանակին ամեն առավոտ։"),
    "bn": ("বন্দরের চিঠি", "আমরা প্রতিদিন সকালে আবহাওয়ার জন্য অপেক্ষা করি।"),
    "zh": ("港口的来信", "渡船停了以后,我们学会了在岸边等天气。"),
    "ru": ("Письмо из гавани", "Когда паром перестал ходить, мы научились ждать погоды."),
    "uk": (
        "Лист із гавані",
        "Коли пором перестав ходити, ми навчилися чекати погоди, бо її не обійдеш.",
    ),
    "sr": ("Писмо из луке", "Када је трајект престао да вози, научили смо да чекамо време."),
    "mk": (
        "Писмо од пристаништето",
        "Кога траектот престана да вози, научивме дека ќе го чекаме времето.",
    ),
    "bg": (
        "Писмо от пристанището",
        "Когато фериботът спря да идва, се научихме да чакаме времето на брега.",
    ),
    "hi": ("बंदरगाह से चिट्ठी", "जब नाव बंद हुई तो हमने मौसम का इंतज़ार करना सीखा।"),
    "ka": ("წერილი ნავსადგურიდან", "ჩვენ ვისწავლეთ ამინდის ლოდინი ნაპირზე."),
    "el": ("Γράμμα από το λιμάνι", "Όταν σταμάτησε το πλοίο, μάθαμε να περιμένουμε τον καιρό."),
    "ko": ("항구에서 온 편지", "배가 끊기자 우리는 날씨를 기다리는 법을 배웠다."),
    "he": ("מכתב מן הנמל", "כשהמעבורת הפסיקה לבוא למדנו לחכות למזג האוויר."),
    "ja": ("港からの手紙", "渡し船が来なくなって、私たちは天気を待つことを覚えた。"),
    "ta": ("துறைமுகத்திலிருந்து", "நாங்கள் ஒவ்வொரு காலையும் வானிலைக்காகக் காத்திருக்கிறோம்."),
    "th": ("จดหมายจากท่าเรือ", "เมื่อเรือหยุดวิ่ง เราเรียนรู้ที่จะรออากาศดี"),
    "fa": (
        "نامه‌ای از بندر",
        "وقتی کشتی دیگر نیامد، یاد گرفتیم که چگونه منتظر هوا بمانیم و چای بنوشیم.",
    ),
}


@pytest.mark.parametrize("language", LATIN)
def test_small_words_tell_a_language(language: str) -> None:
    for text in LATIN[language]:
        assert detect_language(text) == language, text


def test_the_tables_the_tests_and_the_docs_have_the_same_languages() -> None:
    assert LATIN.keys() == STOP_WORDS.keys() == LETTERS.keys() | {"en"}
    names = sorted(Locale("en").languages[language].split()[0] for language in STOP_WORDS)
    written = f"{', '.join(names[:-1])} and {names[-1]}, by their small words."
    assert written in all_words()


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_script_tells_a_language(language: str) -> None:
    assert detect_language("\n".join(SCRIPTS[language])) == language
    assert detect_language("\n".join(SCRIPTS[language]), "en") == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.5.2023 – 14:00",
        "Brief",
        "Kurze Notiz",
        "Die Hard",
        "Open thread",
        "La La Land",
        "NASA ESA JAXA ROSCOSMOS",
        "Anna Karenina, Ivan Ilyich, Charlotte de la Tour, Vincent van den Berg",
        "Oaxaca, Lima, Quito, La Paz",
        "foo bar baz qux quux corge grault garply waldo fred plugh",
        "x = max(a, b) + min(c, d)",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed eiusmod tempor",
        # Languages that are not in the table.
        "Kun praam enam ei käinud, õppisime ilma ootama igal hommikul rannas.",
        "Nuair a stad an bád farantóireachta, d'fhoghlaimíomar fanacht leis an aimsir.",
        "Kivuko kilipoacha kuja, tulijifunza kungoja hali ya hewa kila asubuhi ufukweni.",
        "Kad je trajekt prestao voziti, naučili smo čekati vrijeme i nije nam bilo žao.",
        "Cum navis venire desiisset, didicimus caelum in litore exspectare et nos non paenituit.",
        "Bərə daha gəlməyəndə havanı gözləməyi öyrəndik və bu asan deyildi, amma bu çox gözəl oldu.",
    ],
)
def test_what_tells_no_language_stays_unknown(text: str) -> None:
    assert detect_language(text) == ""


EASTERN = [
    ("kk", "Таңертең өзеннің үстінде тұман болды, қайықтар баяу жүзіп бара жатты."),
    ("kk", "Біз жағада отырып, күннің шығуын күттік."),
    ("ky", "Эртең менен дарыянын үстүндө туман болду, кайыктар жай сүзүп жүрдү."),
    ("mn", "Өглөө голын дээгүүр манан татаж, завинууд аажуухан хөвж байлаа."),
    (
        "tg",
        "Мо дар соҳил нишаста, ба офтоб нигоҳ мекардем ва хомӯш будем, қаиқҳо оҳиста мерафтанд.",
    ),
    ("tt", "Иртән елга өстендә томан иде, көймәләр әкрен генә йөзде, без җылы яр буенда утырдык."),
    ("uz", "Эрталаб дарё устида туман бор эди, қайиқлар секин сузарди, биз қирғоқда ўтирдик."),
    (
        "ru",
        "Поездка писателя на восток, в Қазақстан, о которой мало кто знает и которую он не описал сам в своей последней книге",
    ),
    (
        "sah",
        "Сарсыарда өрүс үрдүнэн туман турда, оҥочолор бытааннык уста сылдьаллара, биһиги кытылга олорбуппут.",
    ),
    (
        "bua",
        "Үглөөгүүр гол дээгүүр манан татажа, онгосонууд аалихан тамарна, бидэ эрьедэ һуунабди.",
    ),
    ("uk", "Вранці над річкою стояв туман, і човни пливли повільно, і ніхто не говорив."),
    ("be", "Раніцай над ракой стаяў туман, і лодкі плылі павольна, і ніхто не гаварыў."),
    ("be", "Раніцай над ракой туман, і лодкі плывуць павольна."),
    (
        "ru",
        "Утромъ надъ рѣкой стоялъ туманъ, и лодки плыли медленно въ Россіи, и мы сидѣли на берегу.",
    ),
]


@pytest.mark.parametrize(("language", "text"), EASTERN)
def test_cyrillic_of_central_asia_is_told_by_its_letters(language: str, text: str) -> None:
    assert detect_language(text) == language
    assert detect_language(text, "ru") == language or language in ("uk", "ru")


def test_a_text_without_its_rare_letters_is_in_the_language_of_its_book() -> None:
    text = "Бүгүн биз шаардын сыртына чыгып, токойдо көпкө жүрдүк."
    assert detect_language(text) == "mn"
    assert [detect_language(text, book) for book in ("ky", "tt", "ru")] == ["ky", "tt", "mn"]


ONE_LANGUAGE = {
    "am": "ጠዋት ላይ በወንዙ ላይ ጭጋግ ነበር",
    "bo": "ཞོགས་པར་གཙང་པོའི་སྟེང་དུ་སྨུག་པ་ཡོད།",
    "dv": "ހެނދުނު ކޯރުމަތީގައި މިރުސް",
    "gu": "સવારે નદી પર ધુમ્મસ હતું",
    "km": "នៅពេលព្រឹកមានអ័ព្ទលើទន្លេ",
    "kn": "ಬೆಳಿಗ್ಗೆ ನದಿಯ ಮೇಲೆ ಮಂಜು ಇತ್ತು",
    "lo": "ຕອນເຊົ້າມີໝອກຢູ່ເທິງແມ່ນ້ຳ",
    "ml": "രാവിലെ നദിക്ക് മുകളിൽ മൂടൽമഞ്ഞ് ഉണ്ടായിരുന്നു",
    "my": "မနက်ခင်းမှာ မြစ်ပေါ်မှာ မြူတွေရှိတယ်",
    "or": "ସକାଳେ ନଦୀ ଉପରେ କୁହୁଡ଼ି ଥିଲା",
    "pa": "ਸਵੇਰੇ ਨਦੀ ਉੱਤੇ ਧੁੰਦ ਸੀ",
    "si": "උදෑසන ගඟ මත මීදුම තිබුණි",
    "te": "ఉదయం నదిపై పొగమంచు ఉంది",
}


@pytest.mark.parametrize("language", ONE_LANGUAGE)
def test_a_script_that_few_languages_have_tells_the_one_with_most_text(language: str) -> None:
    assert detect_language(ONE_LANGUAGE[language]) == language


SOUTHERN = [
    ("mk", "Вчера со пријателите одевме на пазар во стариот дел на градот. Купивме сирење и јаболка, а потоа седнавме."),
    ("mk", "Оваа недела читав книга за историјата на железницата во нашата земја. Малите станици биле центар на животот."),
    ("sr", "Мој деда је поправљао сатове. Никада није журио, а људи су чекали недељама и нису се љутили на њега."),
    ("bg", "Вчера с приятели ходихме на пазара в старата част на града. Купихме сирене, хляб и ябълки, после седнахме."),
    ("bg", "Един турист попита: «Где здесь рынок?» Отвърнахме му, че е съвсем близо, и тръгнахме обратно към къщи."),
    ("ru", "Вчера мы съ друзьями ходили на рынокъ въ старой части города. Купили сыръ, хлѣбъ и яблоки, а потомъ пошли."),
    ("ru", "Объект и съезд объявлены: подъезд к дому закрыт, объезд по набережной, вход мы откроем после объявления."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SOUTHERN)
def test_cyrillic_of_the_balkans_is_told_in_texts_with_few_own_letters(
    language: str, text: str
) -> None:
    assert detect_language(text) == language


def test_what_is_around_a_text_takes_less_to_be_believed() -> None:
    # Danish and Norwegian share most small words.
    for around in ("da", "nb"):
        assert detect_language("Det er en god dag, og jeg har det som en konge.", around) == around
    assert detect_language("Письмо друга в этот день", "bg") == "bg"
    assert detect_language("رسالة من صديق قديم", "fa-IR") == "fa-IR"
    assert detect_language("Съезд и объявление о подъёме") == "ru"
    assert detect_language("這是從港口寄來的第一封信", "zh-TW") == "zh-TW"
    assert detect_language(LATIN["pt"][0], "pt-BR") == "pt-BR"
    for around in ("en", "ja", "ru", "da"):
        assert detect_language(LATIN["de"][1], around) == "de"


def test_a_name_in_the_letters_of_another_language_does_not_hide_a_text_s() -> None:
    for name in ("Łódź", "Győr", "İstanbul", "Škoda", "Ærø"):
        assert detect_language(f"Wir fuhren mit dem Zug nach {name} und es war nicht weit.") == "de"
    assert detect_language("Nous avons pris le train pour Gdańsk, et ce fut très long.") == "fr"


def test_letters_of_several_scripts() -> None:
    assert detect_language("Reactのコンポーネントで useState と useEffect を使う方法") == "ja"
    assert detect_language("用 Docker Compose 部署 PostgreSQL 数据库的几种方法和注意事项") == "zh"
    assert (
        detect_language("How to read 金沢 and why the name of the city is not what you think")
        == "en"
    )
    assert detect_language("A word from Москва is all that I have for you in this letter") == "en"
    assert (
        detect_language("鲜の味是一家小店的名字,店里有很多菜,没有假名的句子也不少,所以要看多少。")
        == "zh"
    )


def test_a_sample_is_prose_alone() -> None:
    markdown = (
        "---\ntitle: Der Titel ist nicht der Text und das ist gut\n---\n\n# Eine Überschrift\n\n"
        "```python\nfor the_thing in of_the_world: return and_that_is_it\n```\n\n"
        "    the code of the line that is in it\n\n"
        "Ein Satz mit `the code that is in it` und [Verweis](https://the.example/of/and/to).\n"
        "Siehe https://a.example/the-end-of-the-line-is-it.\n\n[1]: https://b.example/the\n"
    )
    sample = sample_of(markdown)
    assert sample == "# Eine Überschrift Ein Satz mit und [Verweis . Siehe [1"
    page = (
        "<!doctype html><html><head><title>of the</title><style>a { the: of }</style></head>"
        "<body><nav>the of and</nav><main><h1>Гавань</h1><script>the()</script>"
        "<p class='the'>&#1055;исьмо <code>the of</code>&mdash; друга</p></main></html>"
    )
    assert sample_of(page) == "Гавань Письмо — друга"
    assert sample_of("") == ""
    assert len(sample_of("word " * 5000)) <= 400
    assert sample_of("```\n" + "the code\n" * 400 + "```\n\nEin Satz.") == "Ein Satz."
    assert sample_of("<!--" * 9000) == ""
    assert "the" not in sample_of("{" * 9000 + "`" * 9001 + "<p " * 3000)


def posts(*texts: tuple[str, str], language: str = "") -> clothbound.Collection:
    from clothbound.model.posts_at_hand import as_collection

    return as_collection(
        [
            Post(
                Metadata(title=title, source=f"{n}.md", language=language),
                (b.Paragraph((i.Text(text),)), b.CodeBlock("the code that is of the")),
            )
            for n, (title, text) in enumerate(texts)
        ]
    )


@pytest.mark.parametrize("language", [*LATIN, *SCRIPTS])
def test_a_book_of_posts_is_in_their_language(language: str) -> None:
    texts = LATIN[language][:2] if language in LATIN else SCRIPTS[language]
    made = clothbound.book(posts((texts[0], texts[1])))
    assert made.info.language == language
    said = [d.message for d in made.diagnostics if d.message.startswith("language")]
    assert len(said) == 1
    assert f"language: {language} (inferred" in said[0]


def test_a_book_of_posts_in_several_languages_is_in_that_of_most() -> None:
    english, japanese = [(t, LATIN["en"][1]) for t in LATIN["en"]], [SCRIPTS["ja"]]
    assert collection_language(posts(*english, *japanese)) == "en"
    assert collection_language(posts(*english[:1], *japanese, *japanese)) == "ja"
    assert collection_language(posts(("Open thread", "?"), *japanese, ("Links", "..."))) == "ja"
    made = clothbound.book(posts(*english, *japanese))
    assert made.info.language == "en"
    with zipfile.ZipFile(io.BytesIO(clothbound.write(made, "epub").to_bytes())) as book:
        pages = [book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml")]
    japanese_pages = [page for page in pages if SCRIPTS["ja"][1] in page]
    assert japanese_pages
    assert all('lang="ja"' in page for page in japanese_pages)


def test_a_language_that_posts_name_is_believed() -> None:
    assert collection_language(posts((LATIN["en"][0], LATIN["en"][1]), language="zh_tw")) == "zh-TW"


def test_a_book_whose_language_nothing_tells_says_so() -> None:
    made = clothbound.book(posts(("Lima", "Quito."), ("Oaxaca", "1234")))
    assert made.info.language == ""
    said = [d.message for d in made.diagnostics if d.message.startswith("language")]
    assert said == [
        "language: unknown from the posts, so the book is made as an English one (inferred)"
    ]
    assert clothbound.write(made, "epub").to_bytes()


def test_each_page_has_the_language_of_its_post(tmp_path: Path) -> None:
    for n, (title, text) in enumerate(
        [LATIN["en"][:2], LATIN["en"][1:], LATIN["de"][:2], SCRIPTS["ja"]]
    ):
        (tmp_path / f"{n}.md").write_text(f"# {title}\n\n{text}\n\n```\nthe code of it\n```\n")
    found = clothbound.read(tmp_path)
    clothbound.write(found, "html").save(tmp_path / "out")
    pages = [
        page.read_text().partition("dir=")[0] for page in sorted((tmp_path / "out").glob("*.html"))
    ]
    assert sorted(page.partition('lang="')[2][:2] for page in pages) == ["de", "en", "en", "ja"]


@pytest.mark.parametrize("name", ["markdown", "html", "json", "rss"])
def test_every_reader_keeps_a_sample(name: str, tmp_path: Path) -> None:
    first = clothbound.read(f"# {SCRIPTS['ru'][0]}\n\n{SCRIPTS['ru'][1]}\n".encode(), "markdown")
    source = clothbound.write(first, name).to_bytes()
    found = clothbound.read(source, name)
    assert found.index.entries[0].sample
    assert collection_language(found) == "ru"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *(("zh_tw", "zh-TW"), ("pt_BR", "pt-BR"), ("EN-us", "en-US"), ("de_DE.UTF-8", "de-DE")),
        *(("ZH-hant-hk", "zh-Hant-HK"), ("sr_latn", "sr-Latn"), ("es-419", "es-419"), ("fr", "fr")),
    ],
)
def test_a_tag_is_normalised_when_it_is_read(written: str, read: str) -> None:
    found = clothbound.read(f"---\nlang: {written}\n---\n\nText.\n".encode(), "markdown")
    assert found[0].metadata.language == read
    page = f"<html lang='{written}'><title>a</title><body><p>b</p></html>".encode()
    assert clothbound.read(page, "html")[0].metadata.language == read
    feed = (
        f"<rss version='2.0'><channel><title>T</title><language>{written}</language>"
        "<item><title>a</title><description>b</description></item></channel></rss>"
    )
    assert clothbound.read(feed.encode(), "rss").info.language == read


def test_what_is_no_tag_is_named_and_kept_as_it_came() -> None:
    (found,) = clothbound.read(b"---\nlang: 'English (US)'\n---\n\nText.\n", "markdown").posts
    assert found.metadata.language == "English (US)"
    assert [d.message for d in found.diagnostics] == [
        "language is not a language tag: 'English (US)'"
    ]
