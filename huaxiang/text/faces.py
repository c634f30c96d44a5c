"""Faces that people type, as signs of how they feel: emoji, kaomoji, and what Chinese writes in digits (555, 666, 2333).

Each becomes one of four tokens. Hardly any review that the models learned from holds one (65 of 45,000 Chinese ones), so
what a token says is no learned weight but `FIRST`, set by hand and added to what the words say.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from huaxiang.text.ngrams import Batch

HAPPY, SAD, ANGRY, LOVE = "\U0001f600", "\U0001f622", "\U0001f620", "❤"

FOLD = {
    HAPPY: "😀😃😄😁😆😅😂🤣😊😇🙂😉😋😎🤗🥰😘😗😙😚☺🤩🥳😺😸😹😽😌😛😜😝🤪🤭🤤😏👍👏🙏🙌🤝🤘🤙💪✌👌🤟💯🎉🎊✨🌟⭐🌠🏆🥇👑🆒✅✔☑"
           "🌹🌸🌷💐🌻🌈🔥🚀🐂🐮🍻🥂💃🕺🤠🆗",
    SAD: "😢😭😞😔😟😕🙁☹😣😖😫😩🥺🥲😥😓😪😰😿🙀💔😐😑🙄😒😨😧😦😮‍😱🥱😬🫤🫠🙃😵🤕🤒🤧😷🤦🤷🥀🐌☠🥴🤨😶🫥",
    ANGRY: "😠😡🤬😤👿😾💢🤮🤢👎💩🖕🤡🤥❌✖✘🚫🙅💣🗑👊😈",
    LOVE: "❤💕💖💗💓💞💘💝💟❣💛💚💙💜🧡🖤🤍🤎😍😻♥💋💌",
}  # fmt: skip
"""Emoji by token. What is as often said of good as of bad (🎁 🐢 💀 👀 🤔 😳) is left alone."""

_LATIN, _NO_LATIN = r"(?<![A-Za-z])", r"(?![A-Za-z])"
_ANGRY_SIGNS, _SAD_SIGNS = "□益皿ಠ凸╬‵", "﹏；;╥ಥдДAＡ"
_HAPPY_SIGNS, _WEAK_SAD_SIGNS = "▽∀‿◡≧≦^＾◕✿ω♥❤ε3３v∇", "´｀`︿•́╯><"
_BODY = r"[^()（）\s\u4e00-\u9fff\x00](?:[^()（）\u4e00-\u9fff\x00]){1,14}"
_BRACKETED = re.compile(rf"[oOヾヽ\\╮└┗щ୧٩Σ凸]?[(（](?P<body>{_BODY})[)）][oOノﾉ╭┘┛╯づヾ~～♪ﾞシ۶]*(?:︵ ?┻━┻)?")
_IN_BRACKETS = re.compile(r"[□益皿ಠ凸╬‵﹏；╥ಥдД▽∀‿◡≧≦＾◕✿ωε´｀︿•̀￣°ﾟ∇]|\^.?\^|;.?;|[TQ]_?[TQ]|>.?<|~.?~|-_-")
_KAOMOJI = {
    HAPPY: r"\(?[\^＾]_?[-.oO]?[\^＾]\)?|[:=;][-']?[)D]+(?!\w)|\\[oO0]/"
    rf"|{_LATIN}[xX]D+(?![A-Za-z0-9]| ?\d)|≧▽≦|~?\(?￣▽￣\)?[~～]*",
    SAD: rf":'?-?\((?!\w)|=-?\((?!\w)|{_LATIN}(?:[TＴ][_﹏.△][TＴ]|Q[A_﹏.ωwo]Q|T\^T|TAT|TwT){_NO_LATIN}|[╥ಥ┬π][﹏_﹃.][╥ಥ┬π]"
    r"|(?<!-)-_-(?!-)[|!]*|=_=|[>＞][_﹏.][<＜]|;_;|；_；|→_→|←_←|[¬눈]_[¬눈]|</3(?!\d)|(?<![\w:/.])[:=]-?[/\\](?![/\w])"
    rf"|{_LATIN}orz{_NO_LATIN}|囧",
    ANGRY: r"凸[(（][^\x00]{0,6}[)）]凸|>:-?\(|ಠ[_益]ಠ|(?:︵ ?)?┻━┻",
    LOVE: r"<3+(?! ?[\w.])",
}
_FACES = re.compile("|".join(f"({faces})" for faces in _KAOMOJI.values()), re.IGNORECASE)
_TOKENS = tuple(_KAOMOJI)
# Digits say something where nothing is counted: neither after a word that counts or costs, nor before a unit.
_COUNTS = r"(?<![\d.,:：¥￥$#号单码第编元共约近卖花价款型版仅只要才达超满减券买有])(?<![A-Za-z])(?<![A-Za-z] )"
_UNIT = r"(?![\d.,]*\d)(?![.%‰元块毛角分个件双条只张套包盒瓶袋斤克米厘升毫年月日号天时秒点岁人次本页根片粒颗台部])(?! ?[A-Za-z])"
_DIGITS = re.compile(rf"{_COUNTS}(?:(5{{3,}})|(?<!花了)(6{{3,}})|(23{{3,}}))(?!\d){_UNIT}")
# A face always has one of these; looking for them first spares most batches the slow patterns.
_HINT = re.compile(r"[\^＾▽∇‿﹏囧╥ಥಠ凸╯ω≧□益皿Дд´｀ﾟ￣┻→¬]|[:=;>][-'()/\\D]|_[-.TQtq=<＜;；]|>_|＞_|[TQ][_.A^][TQ]|<[/3]|[oO][rR][zZ]|[xX]D|\\[oO0]/")  # fmt: skip
_DIGIT_HINT = re.compile(r"555|666|2333")

FIRST, MORE = 2.5, 0.75
"""Log-odds of one face, and of what more of them add."""


def fold(text: str) -> str:
    """Kaomoji, and digits in a text that holds Chinese or nothing else, as tokens between blanks."""
    if _HINT.search(text):
        text = _BRACKETED.sub(_bracketed, text)
        text = _FACES.sub(lambda face: f" {_TOKENS[(face.lastindex or 1) - 1]} ", text)
    if _DIGIT_HINT.search(text) and (text.strip().isdigit() or re.search(r"[\u4e00-\u9fff]", text)):
        text = _DIGITS.sub(lambda found: f" {(SAD, HAPPY, HAPPY)[(found.lastindex or 1) - 1]} ", text)
    return text


def hinted(text: str) -> bool:
    """Whether `fold` might change a text; a false alarm is allowed."""
    return _HINT.search(text) is not None or _DIGIT_HINT.search(text) is not None


def _bracketed(found: re.Match[str]) -> str:
    """A face in brackets by its mouth and eyes; brackets that hold none stay as they are."""
    body = found["body"]
    if not _IN_BRACKETS.search(body) or re.search(r"[A-Za-z0-9]{2}", body.replace("TT", "T_T")):
        return found[0]
    whole = found[0]
    signs = ((_ANGRY_SIGNS, ANGRY), (_SAD_SIGNS, SAD), (_HAPPY_SIGNS, HAPPY), (_WEAK_SAD_SIGNS, SAD))
    if re.search(r"[TQ].?[TQ]|[>＞].?[<＜]|-_-", body):
        return f" {SAD} "
    if "°□°" in whole:
        return f" {ANGRY} "
    return next((f" {token} " for chars, token in signs if any(char in body for char in chars)), whole)


def log_odds(canonical: Batch) -> npt.NDArray[np.float64]:
    """What the faces of texts in canonical spelling add to the log-odds that they praise, shape (n_texts,); 0 without one."""
    codes = canonical.codes
    signs = ((codes == ord(HAPPY)) | (codes == ord(LOVE))).astype(np.int64)
    signs -= (codes == ord(SAD)) | (codes == ord(ANGRY))
    running = np.concatenate((np.zeros(1, np.int64), np.cumsum(signs)))
    net = running[canonical.starts + canonical.lengths] - running[canonical.starts]
    return np.asarray(np.sign(net) * (FIRST + MORE * (np.abs(net) > 1)), dtype=np.float64)
