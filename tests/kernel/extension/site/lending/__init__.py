"""A library's lending desk: an extension app as somebody else would write it, installed beside the product."""
