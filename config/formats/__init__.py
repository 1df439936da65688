"""How dates and times are written, by language, where Django's own manner is another country's."""
