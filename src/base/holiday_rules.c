/* Public holidays of twelve countries, row by row; above each country the law or list it was taken from. */
#include "base/holiday_rules.h"

/* clang-format off */
#define ON(month, day)             MT_HOLIDAY_FIXED, month, day, 0
#define EASTER(days)               MT_HOLIDAY_EASTER, 0, days, 0
#define FROM(month, day, weekday)  MT_HOLIDAY_WEEKDAY, month, day, weekday
#define STAYS                      NULL
#define COUNT(array)               (sizeof(array) / sizeof *(array))

enum { MONDAY = 1, WEDNESDAY = 3, THURSDAY = 4, SATURDAY = 6, SUNDAY = 7 };

/*                                                     Mo Tu We Th Fr Sa Su */
static const mt_holiday_shift SUNDAY_BACK        = { { 0, 0, 0, 0, 0, 0, -1 }, false };
static const mt_holiday_shift NEXT_MONDAY        = { { 0, 0, 0, 0, 0, 2, 1 }, true };
static const mt_holiday_shift NEXT_MONDAY_OR_TWO = { { 0, 0, 0, 0, 0, 2, 2 }, true }; /* Monday is taken */
static const mt_holiday_shift AFTER_NEW_YEAR     = { { 1, 0, 0, 0, 0, 2, 2 }, true };
static const mt_holiday_shift NEAREST_WEEKDAY    = { { 0, 0, 0, 0, 0, -1, 1 }, true };

/* Banking and Financial Dealings Act 1971, schedule 1; St Andrew's Day Bank Holiday (Scotland) Act 2007;
 * royal proclamations (The Gazette; gov.uk/bank-holidays). A substitute is listed beside the day it
 * stands for. */
static const mt_holiday_rule UK[] = {
    { NULL, 1974, 0, ON(1, 1), STAYS, "New Year's Day", NULL },
    { NULL, 1974, 0, ON(1, 1), &NEXT_MONDAY, "New Year's Day (substitute day)", NULL },
    { "SCT", 0, 0, ON(1, 2), STAYS, "2nd January", NULL },
    { "SCT", 0, 0, ON(1, 2), &AFTER_NEW_YEAR, "2nd January (substitute day)", NULL },
    { "NIR", 0, 0, ON(3, 17), STAYS, "St Patrick's Day", NULL },
    { "NIR", 0, 0, ON(3, 17), &NEXT_MONDAY, "St Patrick's Day (substitute day)", NULL },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", NULL },
    { "ENG,WLS,NIR", 0, 0, EASTER(1), STAYS, "Easter Monday", NULL },
    { NULL, 1978, 1994, FROM(5, 1, MONDAY), STAYS, "Early May bank holiday", NULL },
    { NULL, 1995, 1995, ON(5, 8), STAYS, "Early May bank holiday (VE Day)", NULL },
    { NULL, 1996, 2019, FROM(5, 1, MONDAY), STAYS, "Early May bank holiday", NULL },
    { NULL, 2020, 2020, ON(5, 8), STAYS, "Early May bank holiday (VE Day)", NULL },
    { NULL, 2021, 0, FROM(5, 1, MONDAY), STAYS, "Early May bank holiday", NULL },
    { NULL, 1971, 2001, FROM(5, 25, MONDAY), STAYS, "Spring bank holiday", NULL },
    { NULL, 2002, 2002, ON(6, 4), STAYS, "Spring bank holiday", NULL },
    { NULL, 2003, 2011, FROM(5, 25, MONDAY), STAYS, "Spring bank holiday", NULL },
    { NULL, 2012, 2012, ON(6, 4), STAYS, "Spring bank holiday", NULL },
    { NULL, 2013, 2021, FROM(5, 25, MONDAY), STAYS, "Spring bank holiday", NULL },
    { NULL, 2022, 2022, ON(6, 2), STAYS, "Spring bank holiday", NULL },
    { NULL, 2023, 0, FROM(5, 25, MONDAY), STAYS, "Spring bank holiday", NULL },
    { "NIR", 0, 0, ON(7, 12), STAYS, "Battle of the Boyne", NULL },
    { "NIR", 0, 0, ON(7, 12), &NEXT_MONDAY, "Battle of the Boyne (substitute day)", NULL },
    { "SCT", 1971, 0, FROM(8, 1, MONDAY), STAYS, "Summer bank holiday", NULL },
    { "ENG,WLS,NIR", 1971, 0, FROM(8, 25, MONDAY), STAYS, "Summer bank holiday", NULL },
    { "SCT", 2007, 0, ON(11, 30), STAYS, "St Andrew's Day", NULL },
    { "SCT", 2007, 0, ON(11, 30), &NEXT_MONDAY, "St Andrew's Day (substitute day)", NULL },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", NULL },
    { NULL, 0, 0, ON(12, 25), &NEXT_MONDAY_OR_TWO, "Christmas Day (substitute day)", NULL },
    { NULL, 0, 0, ON(12, 26), STAYS, "Boxing Day", NULL },
    { NULL, 0, 0, ON(12, 26), &NEXT_MONDAY_OR_TWO, "Boxing Day (substitute day)", NULL },
    { NULL, 1977, 1977, ON(6, 7), STAYS, "Silver Jubilee of Elizabeth II", NULL },
    { NULL, 1981, 1981, ON(7, 29), STAYS, "Wedding of Charles and Diana", NULL },
    { NULL, 1999, 1999, ON(12, 31), STAYS, "Millennium bank holiday", NULL },
    { NULL, 2002, 2002, ON(6, 3), STAYS, "Golden Jubilee of Elizabeth II", NULL },
    { NULL, 2011, 2011, ON(4, 29), STAYS, "Wedding of William and Catherine", NULL },
    { NULL, 2012, 2012, ON(6, 5), STAYS, "Diamond Jubilee of Elizabeth II", NULL },
    { NULL, 2022, 2022, ON(6, 3), STAYS, "Platinum Jubilee of Elizabeth II", NULL },
    { NULL, 2022, 2022, ON(9, 19), STAYS, "State Funeral of Queen Elizabeth II", NULL },
    { NULL, 2023, 2023, ON(5, 8), STAYS, "Coronation of Charles III", NULL },
    { "SCT", 2026, 2026, ON(6, 15), STAYS, "Scotland at the World Cup", NULL },
};

/* The holiday acts of the sixteen states; Unification Treaty of 1990, article 2(2). A holiday of some
 * municipalities only (Assumption in Bavaria, Corpus Christi in Saxony and Thuringia, the Augsburg
 * Peace) is none of its state here. */
static const mt_holiday_rule DE[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Neujahr" },
    { "BW,BY,ST", 0, 0, ON(1, 6), STAYS, "Epiphany", "Heilige Drei Könige" },
    { "BE", 2019, 0, ON(3, 8), STAYS, "International Women's Day", "Internationaler Frauentag" },
    { "MV", 2023, 0, ON(3, 8), STAYS, "International Women's Day", "Internationaler Frauentag" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Karfreitag" },
    { "BB", 0, 0, EASTER(0), STAYS, "Easter Sunday", "Ostersonntag" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Ostermontag" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Tag der Arbeit" },
    { "BE", 2020, 2020, ON(5, 8), STAYS, "75 years of liberation from National Socialism",
      "75. Jahrestag der Befreiung vom Nationalsozialismus" },
    { "BE", 2025, 2025, ON(5, 8), STAYS, "80 years of liberation from National Socialism",
      "80. Jahrestag der Befreiung vom Nationalsozialismus" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Christi Himmelfahrt" },
    { "BB", 0, 0, EASTER(49), STAYS, "Whit Sunday", "Pfingstsonntag" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Pfingstmontag" },
    { "BW,BY,HE,NW,RP,SL", 0, 0, EASTER(60), STAYS, "Corpus Christi", "Fronleichnam" },
    { NULL, 1954, 1990, ON(6, 17), STAYS, "Day of German Unity (17 June)", "Tag der deutschen Einheit" },
    { "BE", 2028, 2028, ON(6, 17), STAYS, "75 years of the uprising of 17 June 1953",
      "75. Jahrestag des Aufstandes vom 17. Juni 1953" },
    { "SL", 0, 0, ON(8, 15), STAYS, "Assumption Day", "Mariä Himmelfahrt" },
    { "TH", 2019, 0, ON(9, 20), STAYS, "World Children's Day", "Weltkindertag" },
    { NULL, 1990, 0, ON(10, 3), STAYS, "German Unity Day", "Tag der Deutschen Einheit" },
    { "BB,MV,SN,ST,TH", 1990, 2016, ON(10, 31), STAYS, "Reformation Day", "Reformationstag" },
    { NULL, 2017, 2017, ON(10, 31), STAYS, "Reformation Day (500 years)", "Reformationstag (500 Jahre)" },
    { "BB,HB,HH,MV,NI,SH,SN,ST,TH", 2018, 0, ON(10, 31), STAYS, "Reformation Day", "Reformationstag" },
    { "BW,BY,NW,RP,SL", 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Allerheiligen" },
    { NULL, 0, 1994, FROM(11, 16, WEDNESDAY), STAYS, "Day of Repentance and Prayer", "Buß- und Bettag" },
    { "SN", 1995, 0, FROM(11, 16, WEDNESDAY), STAYS, "Day of Repentance and Prayer", "Buß- und Bettag" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Erster Weihnachtstag" },
    { NULL, 0, 0, ON(12, 26), STAYS, "Second Day of Christmas", "Zweiter Weihnachtstag" },
};

/* Code du travail, article L3133-1; 8 May by the act of 2 October 1981; Whit Monday was a day of work
 * from 2005 to 2007, from the act 2004-626 of 30 June 2004 until the act 2008-351. */
static const mt_holiday_rule FR[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Jour de l'an" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Lundi de Pâques" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Fête du Travail" },
    { NULL, 1982, 0, ON(5, 8), STAYS, "Victory Day", "Fête de la Victoire" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Ascension" },
    { NULL, 0, 2004, EASTER(50), STAYS, "Whit Monday", "Lundi de Pentecôte" },
    { NULL, 2008, 0, EASTER(50), STAYS, "Whit Monday", "Lundi de Pentecôte" },
    { NULL, 0, 0, ON(7, 14), STAYS, "National Day", "Fête nationale" },
    { NULL, 0, 0, ON(8, 15), STAYS, "Assumption Day", "Assomption" },
    { NULL, 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Toussaint" },
    { NULL, 0, 0, ON(11, 11), STAYS, "Armistice Day", "Armistice" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Noël" },
};

/* Real Decreto 2001/1983, article 45, as amended by Real Decreto 1346/1989. The day itself is listed on
 * a Sunday too; the Monday after is for the communities to take or to replace. */
static const mt_holiday_rule ES[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Año Nuevo" },
    { NULL, 0, 0, ON(1, 6), STAYS, "Epiphany", "Epifanía del Señor" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Viernes Santo" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Fiesta del Trabajo" },
    { NULL, 0, 0, ON(8, 15), STAYS, "Assumption Day", "Asunción de la Virgen" },
    { NULL, 0, 0, ON(10, 12), STAYS, "National Day", "Fiesta Nacional de España" },
    { NULL, 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Todos los Santos" },
    { NULL, 1983, 0, ON(12, 6), STAYS, "Constitution Day", "Día de la Constitución Española" },
    { NULL, 0, 0, ON(12, 8), STAYS, "Immaculate Conception", "Inmaculada Concepción" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Natividad del Señor" },
};

/* The holidays of the Danish church; Store Bededag ended with act 214 of 6 March 2023. */
static const mt_holiday_rule DK[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Nytårsdag" },
    { NULL, 0, 0, EASTER(-3), STAYS, "Maundy Thursday", "Skærtorsdag" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Langfredag" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Påskedag" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Anden påskedag" },
    { NULL, 0, 2023, EASTER(26), STAYS, "Great Prayer Day", "Store bededag" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Kristi himmelfartsdag" },
    { NULL, 0, 0, EASTER(49), STAYS, "Whit Sunday", "Pinsedag" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Anden pinsedag" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Juledag" },
    { NULL, 0, 0, ON(12, 26), STAYS, "Second Day of Christmas", "Anden juledag" },
};

/* Lov om helligdager og helligdagsfred of 24 February 1995; lov om 1 og 17 mai of 26 April 1947. */
static const mt_holiday_rule NO[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Første nyttårsdag" },
    { NULL, 0, 0, EASTER(-3), STAYS, "Maundy Thursday", "Skjærtorsdag" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Langfredag" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Første påskedag" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Andre påskedag" },
    { NULL, 1947, 0, ON(5, 1), STAYS, "Labour Day", "Arbeidernes dag" },
    { NULL, 1947, 0, ON(5, 17), STAYS, "Constitution Day", "Grunnlovsdagen" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Kristi himmelfartsdag" },
    { NULL, 0, 0, EASTER(49), STAYS, "Whit Sunday", "Første pinsedag" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Andre pinsedag" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Første juledag" },
    { NULL, 0, 0, ON(12, 26), STAYS, "Second Day of Christmas", "Andre juledag" },
};

/* Lag (1989:253) om allmänna helgdagar; the National Day took the place of Whit Monday in 2005. The eves
 * of midsummer, Christmas and the new year are no holidays by that act. */
static const mt_holiday_rule SE[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Nyårsdagen" },
    { NULL, 0, 0, ON(1, 6), STAYS, "Epiphany", "Trettondedag jul" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Långfredagen" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Påskdagen" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Annandag påsk" },
    { NULL, 1939, 0, ON(5, 1), STAYS, "May Day", "Första maj" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Kristi himmelsfärdsdag" },
    { NULL, 0, 0, EASTER(49), STAYS, "Whit Sunday", "Pingstdagen" },
    { NULL, 0, 2004, EASTER(50), STAYS, "Whit Monday", "Annandag pingst" },
    { NULL, 2005, 0, ON(6, 6), STAYS, "National Day", "Sveriges nationaldag" },
    { NULL, 1953, 0, FROM(6, 20, SATURDAY), STAYS, "Midsummer Day", "Midsommardagen" },
    { NULL, 1953, 0, FROM(10, 31, SATURDAY), STAYS, "All Saints' Day", "Alla helgons dag" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Juldagen" },
    { NULL, 0, 0, ON(12, 26), STAYS, "Second Day of Christmas", "Annandag jul" },
};

#define LIBERATION(year) { NULL, year, year, ON(5, 5), STAYS, "Liberation Day", "Bevrijdingsdag" }

/* Algemene termijnenwet, article 3. Liberation Day is a day off in every fifth year, and only those are
 * listed. */
static const mt_holiday_rule NL[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Nieuwjaarsdag" },
    { NULL, 0, 0, EASTER(-2), STAYS, "Good Friday", "Goede Vrijdag" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Eerste paasdag" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Tweede paasdag" },
    { NULL, 1980, 2013, ON(4, 30), &SUNDAY_BACK, "Queen's Day", "Koninginnedag" },
    { NULL, 2014, 0, ON(4, 27), &SUNDAY_BACK, "King's Day", "Koningsdag" },
    LIBERATION(1990), LIBERATION(1995), LIBERATION(2000), LIBERATION(2005),
    LIBERATION(2010), LIBERATION(2015), LIBERATION(2020), LIBERATION(2025),
    LIBERATION(2030), LIBERATION(2035), LIBERATION(2040), LIBERATION(2045),
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Hemelvaartsdag" },
    { NULL, 0, 0, EASTER(49), STAYS, "Whit Sunday", "Eerste pinksterdag" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Tweede pinksterdag" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Eerste kerstdag" },
    { NULL, 0, 0, ON(12, 26), STAYS, "Second Day of Christmas", "Tweede kerstdag" },
};

/* Act of 4 January 1974 and royal decree of 18 April 1974, and the two great Sundays. Dutch / French. */
static const mt_holiday_rule BE[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Nieuwjaar / Nouvel An" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Pasen / Pâques" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Paasmaandag / Lundi de Pâques" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Dag van de Arbeid / Fête du Travail" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "O.L.H. Hemelvaart / Ascension" },
    { NULL, 0, 0, EASTER(49), STAYS, "Whit Sunday", "Pinksteren / Pentecôte" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Pinkstermaandag / Lundi de Pentecôte" },
    { NULL, 0, 0, ON(7, 21), STAYS, "National Day", "Nationale feestdag / Fête nationale" },
    { NULL, 0, 0, ON(8, 15), STAYS, "Assumption Day", "O.L.V. Hemelvaart / Assomption" },
    { NULL, 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Allerheiligen / Toussaint" },
    { NULL, 0, 0, ON(11, 11), STAYS, "Armistice Day", "Wapenstilstand / Armistice" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Kerstmis / Noël" },
};

/* Arbeitsruhegesetz, section 7. Good Friday was a holiday of some confessions only, until 2018. */
static const mt_holiday_rule AT[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Neujahr" },
    { NULL, 0, 0, ON(1, 6), STAYS, "Epiphany", "Heilige Drei Könige" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Ostermontag" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Staatsfeiertag" },
    { NULL, 0, 0, EASTER(39), STAYS, "Ascension Day", "Christi Himmelfahrt" },
    { NULL, 0, 0, EASTER(50), STAYS, "Whit Monday", "Pfingstmontag" },
    { NULL, 0, 0, EASTER(60), STAYS, "Corpus Christi", "Fronleichnam" },
    { NULL, 0, 0, ON(8, 15), STAYS, "Assumption Day", "Mariä Himmelfahrt" },
    { NULL, 1967, 0, ON(10, 26), STAYS, "National Day", "Nationalfeiertag" },
    { NULL, 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Allerheiligen" },
    { NULL, 1955, 0, ON(12, 8), STAYS, "Immaculate Conception", "Mariä Empfängnis" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Christtag" },
    { NULL, 0, 0, ON(12, 26), STAYS, "St Stephen's Day", "Stefanitag" },
};

/* Legge 260/1949; legge 54/1977 (2 June to the first Sunday of the month) and legge 336/2000 (and back
 * from 2001); DPR 792/1985 (Epiphany again from 1986); legge 151/2025 (4 October from 2026). 4 November
 * is kept on a Sunday and is no holiday of its own. */
static const mt_holiday_rule IT[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", "Capodanno" },
    { NULL, 1986, 0, ON(1, 6), STAYS, "Epiphany", "Epifania" },
    { NULL, 0, 0, EASTER(0), STAYS, "Easter Sunday", "Pasqua" },
    { NULL, 0, 0, EASTER(1), STAYS, "Easter Monday", "Lunedì dell'Angelo" },
    { NULL, 1946, 0, ON(4, 25), STAYS, "Liberation Day", "Anniversario della Liberazione" },
    { NULL, 0, 0, ON(5, 1), STAYS, "Labour Day", "Festa del Lavoro" },
    { NULL, 1977, 2000, FROM(6, 1, SUNDAY), STAYS, "Republic Day", "Festa della Repubblica" },
    { NULL, 2001, 0, ON(6, 2), STAYS, "Republic Day", "Festa della Repubblica" },
    { NULL, 0, 0, ON(8, 15), STAYS, "Assumption Day", "Assunzione della Beata Vergine Maria" },
    { NULL, 2026, 0, ON(10, 4), STAYS, "St Francis of Assisi", "San Francesco d'Assisi" },
    { NULL, 0, 0, ON(11, 1), STAYS, "All Saints' Day", "Ognissanti" },
    { NULL, 0, 0, ON(12, 8), STAYS, "Immaculate Conception", "Immacolata Concezione" },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", "Natale" },
    { NULL, 0, 0, ON(12, 26), STAYS, "St Stephen's Day", "Santo Stefano" },
    { NULL, 2011, 2011, ON(3, 17), STAYS, "150 years of Italian unity", "Anniversario dell'Unità d'Italia" },
};

/* 5 U.S.C. 6103: on a Saturday the Friday before, on a Sunday the Monday after (executive order 11582)
 * is observed. */
static const mt_holiday_rule US[] = {
    { NULL, 0, 0, ON(1, 1), STAYS, "New Year's Day", NULL },
    { NULL, 0, 0, ON(1, 1), &NEAREST_WEEKDAY, "New Year's Day (observed)", NULL },
    { NULL, 1986, 0, FROM(1, 15, MONDAY), STAYS, "Birthday of Martin Luther King, Jr.", NULL },
    { NULL, 1971, 0, FROM(2, 15, MONDAY), STAYS, "Washington's Birthday", NULL },
    { NULL, 1971, 0, FROM(5, 25, MONDAY), STAYS, "Memorial Day", NULL },
    { NULL, 2021, 0, ON(6, 19), STAYS, "Juneteenth National Independence Day", NULL },
    { NULL, 2021, 0, ON(6, 19), &NEAREST_WEEKDAY, "Juneteenth National Independence Day (observed)", NULL },
    { NULL, 0, 0, ON(7, 4), STAYS, "Independence Day", NULL },
    { NULL, 0, 0, ON(7, 4), &NEAREST_WEEKDAY, "Independence Day (observed)", NULL },
    { NULL, 1894, 0, FROM(9, 1, MONDAY), STAYS, "Labor Day", NULL },
    { NULL, 1971, 0, FROM(10, 8, MONDAY), STAYS, "Columbus Day", NULL },
    { NULL, 1978, 0, ON(11, 11), STAYS, "Veterans Day", NULL },
    { NULL, 1978, 0, ON(11, 11), &NEAREST_WEEKDAY, "Veterans Day (observed)", NULL },
    { NULL, 1942, 0, FROM(11, 22, THURSDAY), STAYS, "Thanksgiving Day", NULL },
    { NULL, 0, 0, ON(12, 25), STAYS, "Christmas Day", NULL },
    { NULL, 0, 0, ON(12, 25), &NEAREST_WEEKDAY, "Christmas Day (observed)", NULL },
};

const mt_holiday_country mt_holiday_countries[] = {
    { "UK", "ENG,WLS,SCT,NIR", UK, COUNT(UK) },
    { "DE", "BW,BY,BE,BB,HB,HH,HE,MV,NI,NW,RP,SL,SN,ST,SH,TH", DE, COUNT(DE) },
    { "FR", NULL, FR, COUNT(FR) },
    { "ES", NULL, ES, COUNT(ES) },
    { "DK", NULL, DK, COUNT(DK) },
    { "NO", NULL, NO, COUNT(NO) },
    { "SE", NULL, SE, COUNT(SE) },
    { "NL", NULL, NL, COUNT(NL) },
    { "BE", NULL, BE, COUNT(BE) },
    { "AT", NULL, AT, COUNT(AT) },
    { "IT", NULL, IT, COUNT(IT) },
    { "US", NULL, US, COUNT(US) },
};
const size_t mt_holiday_country_count = COUNT(mt_holiday_countries);
/* clang-format on */
