import pytest

pytest.importorskip("sklearn", reason="the extra `train` (scikit-learn) is not installed")

from huaxiang.models.encoder import load_encoder
from training.intent_labels import fit_labels

THINGS = ("tent", "lamp", "kettle", "scarf", "mat", "stove", "rope", "bag", "cup", "chair", "towel", "bike")
TEXTS = [f"where is my {thing} now" for thing in THINGS] + [
    f"give me the money back for this {thing}" for thing in THINGS
]
LABELS = ["where"] * len(THINGS) + ["refund"] * len(THINGS)
OUTSIDE = [f"sing a song on {thing} and moonlight" for thing in THINGS]


@pytest.fixture(scope="module")
def model():
    return fit_labels(TEXTS, LABELS, outside=OUTSIDE, encoder=load_encoder("hash-384"))


def test_a_model_for_ones_own_labels_tells_them_apart_and_refuses_few(model):
    said = [model.predict(text).label for text in TEXTS]
    assert all(one in (label, None) for one, label in zip(said, LABELS, strict=True))
    assert said.count(None) <= 4 and {"where", "refund"} <= set(said)


def test_what_no_label_fits_is_outside(model):
    assert model.predict("sing a song on rivers and moonlight").label is None


def test_texts_and_labels_must_be_as_many():
    with pytest.raises(ValueError, match="1 texts, 2 labels"):
        fit_labels(["a"], ["x", "y"], encoder=load_encoder("hash-384"))
