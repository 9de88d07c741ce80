"""The columns of a CSV file of proposals, with the headings they may have in German and English.

Documented for people in `docs/operating.md`; a heading is found whatever its case, spaces and accents.
"""

from portal.core.tabular import Column

PROPOSAL_COLUMNS = (
    Column("id", ("Nr", "Nummer", "Kennung", "number", "identifier", "external id", "project_id")),
    Column(
        "title", ("Titel", "Name", "Überschrift", "Vorschlag", "heading", "project", "Projekt"), required=True
    ),
    Column("what", ("Was", "Beschreibung", "Text", "Inhalt", "description", "body", "summary")),
    Column("why", ("Warum", "Begründung", "Grund", "Ziel", "reason", "rationale", "goal")),
    Column("for_whom", ("Für wen", "Zielgruppe", "target", "target group", "beneficiaries", "audience")),
    Column("cost", ("Kosten", "Kosten in Euro", "Kosten (Euro)", "Betrag", "cost_eur", "amount", "price")),
    Column("topic", ("Thema", "Kategorie", "Bereich", "category", "theme")),
    Column(
        "district", ("Stadtteil", "Bezirk", "Ortsteil", "Quartier", "neighborhood", "neighbourhood", "area")
    ),
    Column("place", ("Ort", "Adresse", "Lage", "wo", "location", "address", "where")),
    Column("latitude", ("Breite", "Breitengrad", "lat", "y")),
    Column("longitude", ("Länge", "Längengrad", "lon", "lng", "long", "x")),
    Column("language", ("Sprache", "lang")),
    Column(
        "author", ("Verfasser", "Verfasserin", "Autor", "Autorin", "proposer", "Einreicher", "Einreichende")
    ),
    Column("submitted_on", ("Datum", "Eingereicht am", "date", "submitted", "created")),
)
