"""What the bundled lexicon says first: everyday words and words of public life, judged by hand, not by the table."""

from __future__ import annotations

import pytest

from index.lexicon.lexicon import Lexicon, bundled_lexicon
from index.text.fold import fold
from index.text.stem import stem
from index.text.tokens import words

# English: the usual translation, or two where both are equally usual.
EXPECTED = """
minister: मंत्री
chief minister: मुख्यमंत्री
prime minister: प्रधानमंत्री
president: राष्ट्रपति / अध्यक्ष
governor: राज्यपाल
parliament: संसद
government: सरकार
opposition: विपक्ष
election: चुनाव
vote: वोट / मत
voter: मतदाता
candidate: उम्मीदवार / प्रत्याशी
constitution: संविधान
democracy: लोकतंत्र
republic: गणराज्य / गणतंत्र
court: अदालत / न्यायालय
judge: न्यायाधीश / जज
lawyer: वकील
law: कानून
justice: न्याय
crime: अपराध
police: पुलिस
prison: जेल
arrest: गिरफ्तार करना / गिरफ्तारी
murder: हत्या
thief: चोर
corruption: भ्रष्टाचार
bribe: रिश्वत / घूस
scam: घोटाला
investigation: जांच
evidence: सबूत / साक्ष्य
witness: गवाह
protest: विरोध प्रदर्शन / विरोध
strike: हड़ताल
curfew: कर्फ्यू
riot: दंगा
army: सेना
soldier: सैनिक
war: युद्ध
peace: शांति
weapon: हथियार
gunpowder: बारूद
border: सीमा
enemy: दुश्मन / शत्रु
terrorist: आतंकवादी
refugee: शरणार्थी
citizen: नागरिक
citizenship: नागरिकता
freedom: स्वतंत्रता / आजादी
slavery: गुलामी / दासता
equality: समानता
right: अधिकार
duty: कर्तव्य
tax: कर / टैक्स
budget: बजट
economy: अर्थव्यवस्था
inflation: महंगाई / मुद्रास्फीति
unemployment: बेरोजगारी
poverty: गरीबी
bank: बैंक
loan: ऋण / कर्ज
money: पैसा / धन
market: बाजार
price: कीमत / मूल्य
trade: व्यापार
import: आयात
export: निर्यात
industry: उद्योग
factory: कारखाना / फैक्ट्री
farmer: किसान
agriculture: कृषि
crop: फसल
wheat: गेहूं
rice: चावल
sugarcane: गन्ना
village: गांव
city: शहर
district: जिला
state: राज्य
country: देश
capital: राजधानी
road: सड़क
bridge: पुल
corridor: गलियारा
railway: रेलवे / रेल
train: ट्रेन / रेलगाड़ी
airport: हवाई अड्डा
aircraft: विमान
ship: जहाज
accident: दुर्घटना / हादसा
earthquake: भूकंप
flood: बाढ़
drought: सूखा
storm: तूफान
rain: बारिश / वर्षा
weather: मौसम
climate: जलवायु
pollution: प्रदूषण
environment: पर्यावरण
forest: वन / जंगल
river: नदी
mountain: पहाड़ / पर्वत
sea: समुद्र
ocean: महासागर
island: द्वीप
desert: रेगिस्तान
earth: पृथ्वी
moon: चंद्रमा / चांद
sun: सूर्य / सूरज
star: तारा / सितारा
planet: ग्रह
universe: ब्रह्मांड
water: पानी / जल
fire: आग
air: हवा / वायु
tree: पेड़
flower: फूल
leaf: पत्ता / पत्ती
animal: जानवर / पशु
elephant: हाथी
tiger: बाघ
snake: सांप
bird: पक्षी / चिड़िया
cow: गाय
dog: कुत्ता
fish: मछली
health: स्वास्थ्य
hospital: अस्पताल
doctor: डॉक्टर
medicine: दवा
disease: रोग / बीमारी
epidemic: महामारी
vaccine: टीका / वैक्सीन
fever: बुखार
cancer: कैंसर
blood: खून / रक्त
heart: दिल / हृदय
brain: मस्तिष्क / दिमाग
eye: आंख
hand: हाथ
head: सिर
death: मृत्यु / मौत
birth: जन्म
marriage: विवाह / शादी
child: बच्चा
mother: मां / माता
father: पिता
brother: भाई
sister: बहन
woman: महिला / औरत
man: आदमी / पुरुष
friend: दोस्त / मित्र
family: परिवार
house: घर / मकान
door: दरवाजा
window: खिड़की
kitchen: रसोई / रसोईघर
food: खाना / भोजन
milk: दूध
tea: चाय
salt: नमक
sugar: चीनी
bread: रोटी / ब्रेड
fruit: फल
mango: आम
vegetable: सब्जी
cloth: कपड़ा
shoe: जूता
school: स्कूल / विद्यालय
university: विश्वविद्यालय
teacher: शिक्षक / अध्यापक
student: छात्र / विद्यार्थी
education: शिक्षा
book: किताब / पुस्तक
language: भाषा
word: शब्द
poem: कविता
poet: कवि
writer: लेखक
newspaper: अखबार / समाचार पत्र
music: संगीत
song: गीत / गाना
dance: नृत्य / नाच
film: फिल्म
actor: अभिनेता
sport: खेल
cricket: क्रिकेट
player: खिलाड़ी
victory: जीत / विजय
defeat: हार / पराजय
history: इतिहास
science: विज्ञान
scientist: वैज्ञानिक
mathematics: गणित
physics: भौतिकी / भौतिक विज्ञान
chemistry: रसायन विज्ञान
electricity: बिजली / विद्युत
energy: ऊर्जा
light: प्रकाश / रोशनी
gold: सोना / स्वर्ण
silver: चांदी
iron: लोहा
oil: तेल
coal: कोयला
temple: मंदिर
mosque: मस्जिद
church: चर्च / गिरजाघर
god: भगवान / ईश्वर
religion: धर्म
prayer: प्रार्थना
festival: त्योहार
king: राजा
queen: रानी
empire: साम्राज्य
emperor: सम्राट
fort: किला
palace: महल
colony: उपनिवेश / कॉलोनी
settler: बसने वाला / उपनिवेशी
colonist: उपनिवेशवादी / उपनिवेशी
disobedience: अवज्ञा
revolution: क्रांति
independence: स्वतंत्रता / आजादी
septicemia: सेप्टिसीमिया / रक्तविषाक्तता
treaty: संधि
agreement: समझौता
meeting: बैठक
visit: यात्रा / दौरा
leader: नेता
party: पार्टी / दल
committee: समिति
report: रिपोर्ट
decision: फैसला / निर्णय
problem: समस्या
solution: समाधान
question: सवाल / प्रश्न
answer: जवाब / उत्तर
reason: कारण
result: परिणाम / नतीजा
help: मदद / सहायता
work: काम / कार्य
life: जीवन / जिंदगी
love: प्यार / प्रेम
fear: डर / भय
anger: गुस्सा / क्रोध
truth: सच / सत्य
lie: झूठ
dream: सपना
time: समय
year: साल / वर्ष
month: महीना
week: सप्ताह
day: दिन
night: रात
morning: सुबह
yesterday: कल
today: आज
big: बड़ा
small: छोटा
new: नया
old: पुराना
good: अच्छा
bad: बुरा
beautiful: सुंदर
hot: गर्म
cold: ठंडा / ठंड
red: लाल
white: सफेद
black: काला
east: पूर्व
west: पश्चिम
north: उत्तर
south: दक्षिण
one: एक
hundred: सौ
thousand: हजार
million: दस लाख / मिलियन
go: जाना
eat: खाना
write: लिखना
read: पढ़ना
india: भारत
china: चीन
japan: जापान
egypt: मिस्र
greece: यूनान / ग्रीस
germany: जर्मनी
delhi: दिल्ली
ganges: गंगा
himalaya: हिमालय
gandhi: गांधी
ashoka: अशोक
national anthem: राष्ट्रगान
national flag: राष्ट्रीय ध्वज / राष्ट्रध्वज
plea bargain: सौदा अभिवाक् / प्ली बार्गेनिंग
supreme court: सर्वोच्च न्यायालय / उच्चतम न्यायालय
high court: उच्च न्यायालय / हाईकोर्ट
human rights: मानवाधिकार / मानव अधिकार
united nations: संयुक्त राष्ट्र
world war: विश्व युद्ध
climate change: जलवायु परिवर्तन
stock market: शेयर बाजार
foreign minister: विदेश मंत्री
home minister: गृह मंत्री
finance minister: वित्त मंत्री
lok sabha: लोकसभा
civil disobedience: सविनय अवज्ञा
solar system: सौरमंडल / सौर मंडल
black hole: ब्लैक होल / कृष्ण विवर
heart attack: दिल का दौरा / हृदयाघात
blood pressure: रक्तचाप / ब्लड प्रेशर
post office: डाकघर / डाक घर
railway station: रेलवे स्टेशन
traffic jam: ट्रैफिक जाम / यातायात जाम
drinking water: पेयजल / पीने का पानी
income tax: आयकर
birth certificate: जन्म प्रमाण पत्र / जन्म प्रमाणपत्र
bay of bengal: बंगाल की खाड़ी
new york: न्यूयॉर्क
south africa: दक्षिण अफ्रीका
mahatma gandhi: महात्मा गांधी
g20: जी20
article 370: अनुच्छेद 370
"""


def _term(text: str) -> str:
    """The stem of a word, or the stems of a multiword term joined with spaces, as the table has them."""
    return " ".join(stem(fold(word)) for word in words(text))


CASES = [
    (english, [_term(sense) for sense in hindi.split("/")])
    for english, hindi in (line.split(": ") for line in EXPECTED.strip().splitlines())
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def test_at_least_300_heads_are_judged() -> None:
    assert len({english for english, _ in CASES}) == len(CASES) >= 300


@pytest.mark.parametrize(("english", "expected"), CASES, ids=[english for english, _ in CASES])
def test_first_translation(lexicon: Lexicon, english: str, expected: list[str]) -> None:
    found = lexicon.translations(_term(english))
    assert found, f"no row for {english}"
    assert found[0][0] in expected


@pytest.mark.parametrize(
    ("hindi", "expected"),
    [
        ("मंत्री", "minister"),
        ("राष्ट्रगान", "national anthem"),
        ("गलियारा", "corridor"),
        ("बारूद", "gunpowder"),
        ("अवज्ञा", "disobedience"),
        ("किसान", "farmer"),
        ("भूकंप", "earthquake"),
        ("महामारी", "epidemic"),
        ("रक्तचाप", "blood pressure"),
        ("चुनाव", "election"),
    ],
)
def test_hindi_words_lead_back(lexicon: Lexicon, hindi: str, expected: str) -> None:
    assert _term(expected) in [term for term, _ in lexicon.translations(_term(hindi))[:3]]


def test_rows_are_probabilities_in_order(lexicon: Lexicon) -> None:
    for english, _ in CASES:
        row = [p for _, p in lexicon.translations(_term(english))]
        assert row == sorted(row, reverse=True)
        assert 0.0 < sum(row) <= 1.05


def test_unknown_terms_have_no_row(lexicon: Lexicon) -> None:
    assert lexicon.translations("qqqqzx") == []
    assert not lexicon.knows("qqqqzx")
    assert lexicon.zipf("qqqqzx") == 0.0
