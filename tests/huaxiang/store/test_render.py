import pytest

from huaxiang.store.render import full_width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "有 2 位:王芳(C002, 成都)、王芳(C003, 沈阳)。哪一位?",
            "有 2 位：王芳（C002，成都）、王芳（C003，沈阳）。哪一位？",
        ),
        ("李静（C001） 衣服尺码: M", "李静（C001）衣服尺码：M"),
        ("2024-11-10 消息: “168/55kg, ok? (M)”", "2024-11-10 消息：“168/55kg, ok? (M)”"),
    ],
)
def test_code_words_chinese_with_full_width_marks_and_leaves_quoted_words_alone(text, expected):
    assert full_width(text) == expected
