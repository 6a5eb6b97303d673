"""Function words of English and Hindi: a question is about its other words.

Not removed from passages, nor from a query that has nothing else.
"""

from __future__ import annotations

from index.text.fold import fold

_ENGLISH = """
a an the of in on at to for from by with and or is are was were be been being am do does did has have had having what
which who whom whose when where why how many much that this these those it its as their they them he she his her him
you your we our us i me my no not if than then there s t d ll re ve m can could would should will may might must about
into during before after between while because so such also any some all most more other only please tell give find
"""
_HINDI = """
का की के में से को ने पर है हैं था थे थी थीं और या एक यह वह ये वे इस उस इन उन इसके उसके उनके इनके इसकी उसकी उनकी इसका उसका
उनका इसे उसे उन्हें इन्हें किस किसे किसने कौन कौनसा कौनसी क्या कब कहां कैसे क्यों कितने कितना कितनी किन किन्हें किसकी किसका किसके जो
जिस जिसे जिसने जिसके जिसकी जिसका जिन जिनके कि तो भी ही नहीं न हो होता होती होते हुआ हुई हुए कर करने करता करते करती करना किया की
गया गई गए जा जाता जाती जाते जाना रहा रही रहे लिए साथ बाद द्वारा तक अपने अपनी अपना कुछ कोई सभी सब बहुत दिया दी दिए लिया ली लिए
सकता सकते सकती होने हेतु तरह प्रकार रूप बारे वाले वाली वाला में मैं हम आप मुझे हमें बताओ बताइए बताएं चाहिए थीं होगा होगी होंगे करें
सा सी से जैसा जैसी जैसे वो ये हूं हुईं गईं दीं गये हुये लिये दिये किये जाये जाए जाएगा जाएगी जाएंगे होना सकें सके सका सकी ऐसा ऐसे
ऐसी किसी किनके किनकी कौनसे जिन्हें जिसको किसको इसको उसको तथा एवं व लेकिन नही मे मै क्यो हे गयी हुयी
"""

ENGLISH = frozenset(map(fold, _ENGLISH.split()))
HINDI = frozenset(map(fold, _HINDI.split()))
