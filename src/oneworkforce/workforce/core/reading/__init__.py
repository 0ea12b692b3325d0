"""Reading: any file a partner may send becomes tables of text, or one sentence that says why it cannot."""
