"""Reference geography: Länder, districts, postcodes, towns; the gazetteer and the geocoders."""
