"""The ways in that this package opens, each with the right that it asks."""

from erp.kernel.rights.registry import BY_RECORD, surface

OWN = (
    "mail.list_mails", "mail.show_mail", "mail.resend", "mail.settle_mail", "talk.show_notifications",
    "talk.count_notifications", "talk.show_notification", "talk.read_notifications", "search.palette",
    "search.show_results", "tables.show_run", "tables.start_run", "prints.print_style",
)  # fmt: skip
BY_VERB = {
    "files.get_file": "read", "files.list_files": "read", "files.add_file": "attach", "talk.list_comments": "read",
    "talk.add_comment": "read", "prints.print_pdf": "print", "prints.print_wait": "print", "prints.print_preview": "print",
    "prints.print_sheet": "print", "mail.write_mail": "mail", "mail.post_mail": "mail", "tables.export_list": "export",
    "tables.import_form": "import", "tables.import_columns": "import", "tables.hand_in": "import",
}  # fmt: skip

for endpoint in OWN:
    surface(endpoint, own=True)
for endpoint, verb in BY_VERB.items():
    surface(endpoint, kind=BY_RECORD, verb=verb)
for endpoint in ("mail.show_inbox", "mail.inbox_json", "mail.inbox_part"):
    surface(endpoint, public=True, note="a demonstration's inbox; elsewhere there is no such page")
