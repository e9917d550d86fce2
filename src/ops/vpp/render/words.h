/* The words of documents in the languages they are written in, and numbers and days as their readers
 * expect them.
 *
 * Purpose   One table: who adds a language adds a column, who adds a word a row.
 * Shapes    X(symbol, English, German). A digit of a number is never changed, only its marks.
 * Source    Sec. 14 (2) and (4), 13b, 19 UStG for what German documents must say; DIN 5008 for how
 *           numbers and days are written.
 */
#ifndef MT_OPS_VPP_RENDER_WORDS_H
#define MT_OPS_VPP_RENDER_WORDS_H

#include "base/ctx.h"
#include "terms/vpp/invoice.h"
#include "vpp/infeed.h"

MT_BEGIN_DECLS

typedef enum mt_language { MT_ENGLISH, MT_GERMAN, MT_LANGUAGES } mt_language;
extern const char *const mt_language_word[]; /* "en", "de", NULL: for arguments */

/* clang-format off */
#define MT_WORD_LIST(X) \
    X(MT_W_CREDIT,         "Self-billed invoice (Gutschrift)", "Gutschrift") \
    X(MT_W_INVOICE,        "Invoice", "Rechnung") \
    X(MT_W_DAMAGES,        "Statement of compensation", "Abrechnung einer Entschädigung") \
    X(MT_W_CLAIM,          "Redispatch claim", "Forderung aus Redispatch") \
    X(MT_W_CANCELLATION,   "Cancellation", "Stornierung") \
    X(MT_W_DRAFT,          "Draft", "Entwurf") \
    X(MT_W_NUMBER,         "Number", "Nummer") \
    X(MT_W_ISSUED,         "Date", "Datum") \
    X(MT_W_PERIOD,         "Period of supply", "Leistungszeitraum") \
    X(MT_W_CONTRACT,       "Contract", "Vertrag") \
    X(MT_W_ASSET,          "Plant", "Anlage") \
    X(MT_W_METER,          "Metering point", "Zählpunkt") \
    X(MT_W_REFERENCE,      "Your reference", "Ihr Zeichen") \
    X(MT_W_VERSION,        "Version", "Fassung") \
    X(MT_W_CANCELS,        "Cancels", "Storniert") \
    X(MT_W_YOUR_VAT,       "Your VAT number", "Ihre USt-IdNr.") \
    X(MT_W_YOUR_TAX,       "Your tax number", "Ihre Steuernummer") \
    X(MT_W_POSITION,       "No.", "Pos.") \
    X(MT_W_SUPPLY,         "Supply", "Leistung") \
    X(MT_W_QUANTITY,       "Quantity", "Menge") \
    X(MT_W_PRICE,          "Unit price", "Einzelpreis") \
    X(MT_W_VAT,            "VAT", "USt") \
    X(MT_W_AMOUNT,         "Amount", "Betrag") \
    X(MT_W_VAT_LONG,       "Value added tax", "Umsatzsteuer") \
    X(MT_W_NET_TOTAL,      "Net total", "Summe netto") \
    X(MT_W_GROSS_TOTAL,    "Total", "Gesamtbetrag") \
    X(MT_W_PAYMENT,        "Payment", "Zahlung") \
    X(MT_W_PAY_YOU, \
      "We transfer the amount to your account", \
      "Wir überweisen den Betrag auf Ihr Konto") \
    X(MT_W_PAY_US, \
      "Please transfer the amount to our account", \
      "Bitte überweisen Sie den Betrag auf unser Konto") \
    X(MT_W_PAY_NONE,       "Nothing is to be paid.", "Es ist nichts zu zahlen.") \
    X(MT_W_PAY_SET_OFF, \
      "The amount is set off against the cancelled document.", \
      "Der Betrag wird mit dem stornierten Beleg verrechnet.") \
    X(MT_W_UNTIL,          "by", "bis zum") \
    X(MT_W_RECIPIENT,      "Recipient", "Empfänger") \
    X(MT_W_PURPOSE,        "Reference", "Verwendungszweck") \
    X(MT_W_NOTES,          "Notes", "Hinweise") \
    X(MT_W_SELF_BILLING, \
      "Self-billing under sec. 14 (2) UStG: this document counts as your invoice. It loses " \
      "this effect if you object to it.", \
      "Abrechnung durch den Leistungsempfänger nach § 14 Abs. 2 UStG: Diese Gutschrift " \
      "gilt als Ihre Rechnung. Widersprechen Sie ihr, verliert sie diese Wirkung.") \
    X(MT_W_EMBEDDED, \
      "The data of this document are inside this file for automatic processing (ZUGFeRD, " \
      "EN 16931).", \
      "Die Daten dieses Belegs liegen für die automatische Verarbeitung in dieser Datei " \
      "(ZUGFeRD, EN 16931).") \
    X(MT_W_QUARTERS_MISS, \
      "quarter hours of the period have no value and are not settled.", \
      "Viertelstunden des Zeitraums haben keinen Wert und sind nicht abgerechnet.") \
    X(MT_W_APPENDIX,       "Appendix: infeed and sources", "Anlage: Einspeisung und Quellen") \
    X(MT_W_INFEED_DAY,     "Infeed by day", "Einspeisung je Tag") \
    X(MT_W_INFEED_QUARTER, "Infeed by quarter hour", "Einspeisung je Viertelstunde") \
    X(MT_W_SOURCES,        "Sources", "Quellen") \
    X(MT_W_SOURCES_SAY, \
      "Every quarter hour can be traced to a delivered file. A file is the same when its " \
      "digest (SHA-256) is.", \
      "Jede Viertelstunde ist auf eine gelieferte Datei zurückzuführen. Eine Datei ist " \
      "dieselbe, wenn ihre Prüfsumme (SHA-256) es ist.") \
    X(MT_W_FILE,           "File", "Datei") \
    X(MT_W_QUARTERS,       "Quarter hours", "Viertelstunden") \
    X(MT_W_QUARTERS_ALL,   "Quarter hours of the period", "Viertelstunden des Zeitraums") \
    X(MT_W_QUARTERS_NONE,  "of which without a value", "davon ohne Wert") \
    X(MT_W_VAT_NUMBER,     "VAT no.", "USt-IdNr.") \
    X(MT_W_TAX_NUMBER,     "Tax no.", "Steuernr.") \
    X(MT_W_LINE_INFEED,    "Electricity fed in", "Einspeisung") \
    X(MT_W_LINE_FEE,       "Marketing fee", "Vermarktungsentgelt") \
    X(MT_W_LINE_CAPACITY,  "Marketing fee by capacity", "Vermarktungsentgelt nach Leistung") \
    X(MT_W_LINE_REDISPATCH, "Energy lost to redispatch", "Ausgleich für Redispatch") \
    X(MT_W_LINE_CURTAIL, \
      "Energy curtailed for the market", \
      "Ausgleich für Abregelung am Markt") \
    X(MT_W_PRICE_FIXED,    "Fixed price", "Festpreis") \
    X(MT_W_PRICE_MARKET,   "Market price of each quarter hour", "Marktpreis jeder Viertelstunde") \
    X(MT_W_PRICE_AHEAD,    "Day-ahead price of each quarter hour", "Day-Ahead-Preis jeder Viertelstunde") \
    X(MT_W_PRICE_MONTH,    "Monthly market value", "Monatsmarktwert") \
    X(MT_W_PRICE_YEAR,     "Annual market value", "Jahresmarktwert") \
    X(MT_W_PRICE_SHARE,    "of the market price of each quarter hour", "vom Marktpreis jeder Viertelstunde") \
    X(MT_W_AT_LEAST,       "at least", "mindestens") \
    X(MT_W_AT_MOST,        "at most", "höchstens") \
    X(MT_W_SOLAR,          "solar", "Solar") \
    X(MT_W_WIND,           "wind onshore", "Wind an Land") \
    X(MT_W_WIND_SEA,       "wind offshore", "Wind auf See") \
    X(MT_W_FEE_PRODUCED,   "Fixed amount a MWh of infeed", "Fester Betrag je MWh Einspeisung") \
    X(MT_W_FEE_CAPACITY,   "Amount a MW and month", "Betrag je MW und Monat") \
    X(MT_W_FEE_SHARE,      "of the infeed's market value", "vom Marktwert der Einspeisung") \
    X(MT_W_VAT_S,          "Standard rate", "Regelsatz") \
    X(MT_W_VAT_AE,         "Reverse charge", "Steuerschuldnerschaft des Leistungsempfängers") \
    X(MT_W_VAT_E,          "Exempt", "Steuerfrei") \
    X(MT_W_VAT_O,          "Not subject to VAT", "Nicht steuerbar") \
    X(MT_W_WHY_AE, \
      "Sec. 13b (2) no. 5, (5) UStG: the recipient owes the tax.", \
      "§ 13b Abs. 2 Nr. 5, Abs. 5 UStG: Die Steuer schuldet der Leistungsempfänger.") \
    X(MT_W_WHY_E, \
      "Sec. 19 UStG: small business, no tax is charged.", \
      "§ 19 UStG: Kleinunternehmer, keine Umsatzsteuer ausgewiesen.") \
    X(MT_W_WHY_O, \
      "Compensation of damages, no supply for consideration.", \
      "Echter Schadensersatz, keine Leistung gegen Entgelt.") \
    X(MT_W_SOURCE_METER,   "Metered", "Abrechnungsmessung") \
    X(MT_W_SOURCE_LIVE,    "Live values", "Live-Werte") \
    X(MT_W_SOURCE_FORECAST, "Forecast", "Prognose") \
    X(MT_W_SOURCE_MODEL,   "Model", "Modell") \
    X(MT_W_SOURCE_GAP,     "Missing", "Fehlend") \
    X(MT_W_REPORT,         "Performance", "Leistungsbericht") \
    X(MT_W_PORTFOLIO,      "Portfolio", "Portfolio") \
    X(MT_W_ENERGY,         "Energy", "Energie") \
    X(MT_W_CAPACITY,       "Capacity", "Leistung") \
    X(MT_W_CAPACITY_FACTOR, "Capacity factor", "Ausnutzung") \
    X(MT_W_CAPTURE_PRICE,  "Capture price", "Marktwert") \
    X(MT_W_BASE_PRICE,     "Mean price", "Mittlerer Preis") \
    X(MT_W_CAPTURE_RATE,   "Capture rate", "Marktwertfaktor") \
    X(MT_W_REVENUE,        "Revenue", "Erlös") \
    X(MT_W_PAYOUT,         "Payout", "Auszahlung") \
    X(MT_W_FEES,           "Fees", "Entgelte") \
    X(MT_W_IMBALANCE,      "Imbalance", "Ausgleichsenergie") \
    X(MT_W_PENALTY,        "Penalty view", "Strafsicht") \
    X(MT_W_REDISPATCH,     "Redispatch", "Redispatch") \
    X(MT_W_LOST,           "Lost energy", "Ausfallarbeit") \
    X(MT_W_CURTAILMENT,    "Curtailment", "Abregelung") \
    X(MT_W_MARGIN,         "Margin", "Deckungsbeitrag") \
    X(MT_W_AVAILABILITY,   "Availability", "Verfügbarkeit") \
    X(MT_W_MAE,            "MAE", "MAE") \
    X(MT_W_BIAS,           "Bias", "Bias") \
    X(MT_W_NMAE,           "nMAE", "nMAE") \
    X(MT_W_OVERVIEW,       "Overview", "Überblick") \
    X(MT_W_COURSE,         "Course of the period", "Verlauf") \
    X(MT_W_BY_ASSET,       "By plant", "Je Anlage") \
    X(MT_W_MONEY,          "Money", "Geld") \
    X(MT_W_DEVIATION,      "Deviation and forecast", "Abweichung und Prognose") \
    X(MT_W_ORIGIN,         "Where infeed comes from", "Herkunft der Einspeisung") \
    X(MT_W_POWER_SOURCE,   "Infeed by source", "Einspeisung nach Quelle") \
    X(MT_W_DAY_AHEAD,      "Day-ahead price", "Day-Ahead-Preis") \
    X(MT_W_OF_MEAN,        "of the mean price", "des mittleren Preises") \
    X(MT_W_CURTAILED,      "Curtailed", "Abgeregelt") \
    X(MT_W_NOT_PRICED, \
      "plant(s) have a contract but no payout: payout, fees and margin are without them.", \
      "Anlage(n) mit Vertrag, aber ohne Auszahlung: Auszahlung, Entgelte und " \
      "Deckungsbeitrag sind ohne sie.") \
    X(MT_W_UNPRICED, \
      "quarter hours of infeed have no price: the revenue is without them.", \
      "Viertelstunden mit Einspeisung haben keinen Preis: Der Erlös ist ohne sie.") \
    X(MT_W_MADE, \
      "Made by Merit from the quarter hours that were settled.", \
      "Von Merit aus den abgerechneten Viertelstunden erstellt.")
/* clang-format on */
#define MT_WORD_SYMBOL(symbol, english, german) symbol,
typedef enum mt_word { MT_WORD_LIST(MT_WORD_SYMBOL) MT_WORDS } mt_word;
#undef MT_WORD_SYMBOL

const char *mt_word_in(mt_language language, mt_word word);

mt_word mt_word_of_line(mt_line_kind kind);
mt_word mt_word_of_vat(mt_vat_category category);
mt_word mt_word_of_source(mt_infeed_source source);
const char *mt_vat_reason_in(mt_language language, mt_vat_category category); /* NULL: none is needed */

/* `value` x 10^-`decimals`, at least `least` places, in groups of three digits: "−1.234,50", "−1,234.50". */
MT_MUST_USE mt_code mt_number_in(mt_ctx *cx, const char **out, mt_language language, int64_t value,
                                 int decimals, int least);
/* With that many places; NULL where it is missing. */
MT_MUST_USE mt_code mt_real_in(mt_ctx *cx, const char **out, mt_language language, double value, int places);

MT_MUST_USE mt_code mt_day_in(mt_ctx *cx, const char **out, mt_language language, mt_day day);
MT_MUST_USE mt_code mt_days_in(mt_ctx *cx, const char **out, mt_language language, mt_day from, mt_day until);

MT_END_DECLS
#endif
