"""The rights that the kernel's own routes ask: one line a route, read like a table.

Where the kind is in the URL, the right is asked of that kind before the view runs; the view then asks for the record.
"""

from erp.kernel.rights.registry import BY_RECORD, BY_ROUTE, surface

ASKED_OF_THE_KIND = {
    "documents.show_list": "read",
    "documents.list_totals": "read",
    "documents.list_views": "read",
    "documents.list_changes": "read",
    "documents.list_row": "read",
    "documents.new_form": "create",
    "documents.create": "create",
    "documents.create_and_submit": "create",
    "documents.show_form": "read",
    "documents.update": "update",
    "documents.do_verb": BY_ROUTE,
    "rest.list_documents": "read",
    "rest.create_document": "create",
    "rest.show_document": "read",
    "rest.change_document": "update",
    "rest.delete_document": "delete",
    "rest.do_verb": BY_ROUTE,
    "rest.preview": "read",
    "rest.read_verb": BY_ROUTE,
    "rest.batch": "create",
    "rest.kind_description": "read",
    "pick.quick_form": "create",
    "pick.quick_create": "create",
    "pick.follow": "read",
    "files.list_files": "read",
    "files.add_file": "attach|update",
    "talk.list_comments": "read",
    "talk.add_comment": "read",
    "talk.edit_comment": "read",
    "talk.add_reaction": "read",
    "talk.list_mentions": "read",
    "tags.list_tags": "read",
    "tags.add_tag": "read",
    "tags.remove_tag": "read",
    "todo.set_following": "read",
    "todo.list_assignments": "read",
    "todo.add_assignment": "read",
    "todo.complete": "read",
    "todo.withdraw": "read",
    "prints.print_pdf": "print",
    "prints.print_preview": "print",
    "prints.print_sheet": "print",
    "prints.print_wait": "print",
    "mail.write_mail": "mail",
    "mail.post_mail": "mail",
    "tables.export_list": "export",
    "tables.hand_in": "import",
    "tables.import_columns": "import",
    "tables.import_form": "import",
    "viewers.show_viewers": "read",
}

OF_ONE_S_OWN = {
    "approvals.inbox": "what waits for the reader's decision",
    "approvals.popup": "the view asks whether the reader may decide",
    "approvals.review": "the view asks whether the reader may decide",
    "documents.type_on": "what one types is kept for oneself; the view asks create or update",
    "documents.let_go": "drops what one typed",
    "files.get_file": "the view asks for the record that the file belongs to",
    "mail.list_mails": "mails of records that one may see",
    "mail.show_mail": "the view asks for the record that the mail is about",
    "mail.resend": "the sender or an administrator",
    "mail.settle_mail": "an administrator",
    "pick.options": "the view asks what the reader may point to",
    "openapi.document": "describes only kinds that the reader may see",
    "openapi.readable": "describes only kinds that the reader may see",
    "rest.kinds": "names only kinds that the reader may see",
    "search.palette": "finds only what the reader may see",
    "search.show_results": "finds only what the reader may see",
    "tags.show_tag": "finds only what the reader may see",
    "todo.show_assignments": "what the reader is asked, or asked of others, about what he may see",
    "tables.show_run": "one's own import",
    "tables.start_run": "one's own import",
}

DEMO_ONLY = ("mail.show_inbox", "mail.inbox_json", "mail.inbox_part")

for _name, _verb in ASKED_OF_THE_KIND.items():
    surface(_name, kind=BY_RECORD, verb=_verb)
for _name, _note in OF_ONE_S_OWN.items():
    surface(_name, own=True, note=_note)
for _name in DEMO_ONLY:
    surface(_name, public=True, note="the mail sink of a demo instance; 404 elsewhere")
surface("prints.print_style", public=True, note="the style sheet of prints, without data")
