# ruff: noqa: E501 - tables of data, one row a line
"""株式会社ランタン珈琲, Yokohama: yen, consumption tax of 10 and 8 %, invoices in Japanese with a registration number."""

from erp.demo.small import Desk, Row, SmallCompany, line
from erp.selling.sales_order.commands import invoice as invoice_order

COMPANY: Row = {
    "code": "RANTAN", "name": "ランタン珈琲", "legal_name": "株式会社ランタン珈琲", "country": "JP", "currency": "JPY",
    "timezone": "Asia/Tokyo", "language": "ja", "number_format": "ja_JP", "fiscal_year_month": "4", "registration_number": "T9234567890123",
    "street": "中区山下町1-2-3", "postal_code": "231-0023", "city": "横浜市", "region": "神奈川県", "phone": "045-555-0142",
    "email": "seikyu@rantan.example", "website": "rantan.example", "bank_name": "みほん銀行 横浜支店 普通",
    "bank_account": "1234567", "bank_account_holder": "カ）ランタンコーヒー",
    "seal": "ランタン珈琲之印章", "invoice_remark": "振込手数料は貴社にてご負担をお願いいたします。", "conventions": {"rounding_mode": "down"},
    "approval_limit": "1000000",
}  # fmt: skip
REDUCED = {"group": "JP-COFFEE", "tax_codes": ["CT8"], "income_account": {"code": "411"}}
STANDARD = {"group": "JP-GEAR", "tax_codes": ["CT10"], "income_account": {"code": "411"}}
ITEMS: tuple[Row, ...] = (
    {"code": "HARBOR-1K", "name": "ハーバーブレンド エスプレッソ 1kg", "unit": "袋", "sales_price": "2480", "standard_cost": "1350", **REDUCED},
    {"code": "GUJI-1K", "name": "グジ ナチュラル（エチオピア）1kg", "unit": "袋", "sales_price": "3560", "standard_cost": "2100", **REDUCED},
    {"code": "DECAF-1K", "name": "デカフェ ウィラ 1kg", "unit": "袋", "sales_price": "2830", "standard_cost": "1720", **REDUCED},
    {"code": "BURR-98", "name": "グラインダー刃 98mm", "unit": "組", "sales_price": "27000", "standard_cost": "17500", **STANDARD},
    {"code": "TRAINING", "name": "バリスタ研修（出張・半日）", "unit": "回", "type": "service", "sales_price": "42000", "standard_cost": "18000", **STANDARD},
    {"code": "PAPER-100", "name": "ドリップ用ペーパー 100枚", "unit": "箱", "sales_price": "410", "standard_cost": "190", **STANDARD},
)  # fmt: skip
UNITS: tuple[Row, ...] = tuple({"code": code, "name": code, "dimension": "count"} for code in ("袋", "組", "回", "箱"))
EOM = {"code": "EOM1"}


def party(code: str, name: str, kana: str, postal_code: str, region: str, city: str, street: str, *people: Row) -> Row:
    """Return a Japanese customer or supplier."""
    address = {"postal_code": postal_code, "region": region, "city": city, "street": street, "country": "JP"}
    return {
        "code": code, "name": name, "kana": kana, "country": "JP", "language": "ja", "email": f"keiri@{code.lower()}.example",
        "addresses": [address], "contacts": list(people), "terms": EOM,
    }  # fmt: skip


CUSTOMERS: tuple[Row, ...] = (
    party("MINATO", "株式会社ミナト珈琲", "カブシキガイシャミナトコーヒー", "650-0042", "兵庫県", "神戸市中央区", "波止場町5-4",
          {"name": "佐藤 健一", "job_title": "購買部"}),
    party("SAKURA", "さくら喫茶合同会社", "サクラキッサゴウドウガイシャ", "600-8216", "京都府", "京都市下京区", "東塩小路町8-1",
          {"name": "高橋 由美", "job_title": "経理"}),
    party("FUJI", "富士ホテル株式会社", "フジホテルカブシキガイシャ", "104-0061", "東京都", "中央区", "銀座4-5-6",
          {"name": "山本 亮", "job_title": "料飲部"}),
)  # fmt: skip
SUPPLIERS: tuple[Row, ...] = (
    party("NAMAMAME", "横浜生豆商事株式会社", "ヨコハマナママメショウジカブシキガイシャ", "231-0003", "神奈川県", "横浜市中区", "北仲通5-57"),
    party("HOUSOU", "港包装資材株式会社", "ミナトホウソウシザイカブシキガイシャ", "221-0056", "神奈川県", "横浜市神奈川区", "金港町1-7"),
)  # fmt: skip


def documents(desk: Desk) -> None:
    """Write the documents; the first invoice is that of the printed sample, to the yen."""
    sample = desk.done(
        desk.order(
            "MINATO", 47,
            [line("HARBOR-1K", "120"), line("GUJI-1K", "60"), line("DECAF-1K", "24"), line("BURR-98", "4"),
             line("TRAINING", "2"), line("PAPER-100", "30")],
            note="送料は6月より弊社負担に変更いたしました。次回納品は7月3日（金）午前を予定しています。",
        )
    )  # fmt: skip
    desk.pay(desk.done(invoice_order(desk.work, sample, posting_date=desk.today.fromisoformat(desk.ago(40)))), 4)
    desk.made += 1
    desk.pay(desk.invoice("SAKURA", 75, [line("HARBOR-1K", "36"), line("PAPER-100", "20")]), 20)
    desk.invoice("SAKURA", 38, [line("DECAF-1K", "18"), line("PAPER-100", "33")])
    desk.invoice("FUJI", 70, [line("GUJI-1K", "90"), line("TRAINING", "3")])
    beans = {
        "description": "生豆 エチオピア 300kg",
        "quantity": "300",
        "price": "1180",
        "tax_codes": ["CT8"],
        "account": {"code": "511"},
    }
    bags = {
        "description": "包装袋 2,000枚",
        "quantity": "2000",
        "price": "28",
        "tax_codes": ["CT10"],
        "account": {"code": "511"},
    }
    desk.pay(desk.bill("NAMAMAME", 44, [beans], supplier_reference="Y-1024"), 8)
    desk.bill("HOUSOU", 15, [bags], supplier_reference="M-88")
    desk.done(desk.order("FUJI", 2, [line("HARBOR-1K", "48"), line("BURR-98", "1")], delivery_date=desk.ago(-5)))
    desk.order("MINATO", 0, [line("HARBOR-1K", "150"), line("GUJI-1K", "70")], delivery_date=desk.ago(-9))


RANTAN = SmallCompany(
    company=COMPANY, template="japan",
    groups=({"code": "JP-COFFEE", "name": "珈琲豆"}, {"code": "JP-GEAR", "name": "器具・サービス"}),
    items=ITEMS, customers=CUSTOMERS, suppliers=SUPPLIERS,
    employees=({"code": "1", "name": "田中 美香", "job_title": "営業", "email": "tanaka@rantan.example"},),
    documents=documents, units=UNITS,
)  # fmt: skip
