/* The names of the 125 columns of DATEV's Buchungsstapel (format version 13), in their order.
 *
 * Purpose   The second line of the file, and the places of those that are filled.
 * Shapes    X(name), in UTF-8; between the three lists stand the numbered pairs.
 * Source    DATEV developer portal, "DATEV-Format: Buchungsstapel".
 */
#ifndef MT_FORMATS_DOCUMENT_DATEV_COLUMNS_H
#define MT_FORMATS_DOCUMENT_DATEV_COLUMNS_H

/* clang-format off */
#define MT_DATEV_FIRST(X) \
    X("Umsatz (ohne Soll/Haben-Kz)") X("Soll/Haben-Kennzeichen") X("WKZ Umsatz") X("Kurs") X("Basis-Umsatz") \
    X("WKZ Basis-Umsatz") X("Konto") X("Gegenkonto (ohne BU-Schlüssel)") X("BU-Schlüssel") X("Belegdatum") \
    X("Belegfeld 1") X("Belegfeld 2") X("Skonto") X("Buchungstext") X("Postensperre") \
    X("Diverse Adressnummer") X("Geschäftspartnerbank") X("Sachverhalt") X("Zinssperre") X("Beleglink")
#define MT_DATEV_AFTER_BELEG(X) \
    X("KOST1 - Kostenstelle") X("KOST2 - Kostenstelle") X("Kost-Menge") X("EU-Land u. UStID (Bestimmung)") \
    X("EU-Steuersatz (Bestimmung)") X("Abw. Versteuerungsart") X("Sachverhalt L+L") \
    X("Funktionsergänzung L+L") X("BU 49 Hauptfunktionstyp") X("BU 49 Hauptfunktionsnummer") \
    X("BU 49 Funktionsergänzung")
#define MT_DATEV_LAST(X) \
    X("Stück") X("Gewicht") X("Zahlweise") X("Forderungsart") X("Veranlagungsjahr") \
    X("Zugeordnete Fälligkeit") X("Skontotyp") X("Auftragsnummer") X("Buchungstyp") \
    X("USt-Schlüssel (Anzahlungen)") X("EU-Land (Anzahlungen)") X("Sachverhalt L+L (Anzahlungen)") \
    X("EU-Steuersatz (Anzahlungen)") X("Erlöskonto (Anzahlungen)") X("Herkunft-Kz") X("Buchungs GUID") \
    X("KOST-Datum") X("SEPA-Mandatsreferenz") X("Skontosperre") X("Gesellschaftername") \
    X("Beteiligtennummer") X("Identifikationsnummer") X("Zeichnernummer") X("Postensperre bis") \
    X("Bezeichnung SoBil-Sachverhalt") X("Kennzeichen SoBil-Buchung") X("Festschreibung") \
    X("Leistungsdatum") X("Datum Zuord. Steuerperiode") X("Fälligkeit") X("Generalumkehr (GU)") \
    X("Steuersatz") X("Land") X("Abrechnungsreferenz") X("BVV-Position") \
    X("EU-Land u. UStID (Ursprung)") X("EU-Steuersatz (Ursprung)") X("Abw. Skontokonto")
/* clang-format on */

enum {
    MT_DATEV_COLUMNS = 125,
    MT_DATEV_BELEG_PAIRS = 8,  /* "Beleginfo - Art 1", "Beleginfo - Inhalt 1", … */
    MT_DATEV_ZUSATZ_PAIRS = 20 /* "Zusatzinformation - Art 1", "Zusatzinformation - Inhalt 1", … */
};

#endif
