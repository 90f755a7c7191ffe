"""What browsers and programs see: pages, forms, lists, fragments, REST and its description."""
