"""Pure rules and vocabulary: no I/O, no SQL, no Textual; plain values in, plain values out."""
