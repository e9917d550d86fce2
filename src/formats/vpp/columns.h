/* The names of columns, members and units in a portfolio's files, as they stand in them.
 *
 * Purpose   One spelling for those who read these files and those who write them. Readers also know
 *           relatives of these names (formats/header.h compares without case, blanks, '_', '-' and brackets).
 * Shapes    MT_VPP_HEADER_… is a whole header line without its newline; MT_VPP_COL_… one column;
 *           MT_VPP_KEY_… a member of a JSON document. A meter's own column is its metering point followed
 *           by MT_VPP_METER_UNIT_….
 * Source    Files of route-to-market desks.
 */
#ifndef MT_FORMATS_VPP_COLUMNS_H
#define MT_FORMATS_VPP_COLUMNS_H

/* clang-format off */
/* crm/asset_contracts_*.csv: the usual columns, then those that may be left out */
#define MT_VPP_COL_CONTRACT_ID     "contract_id"
#define MT_VPP_COL_ASSET_ID        "asset_id"
#define MT_VPP_COL_METERING_POINT  "metering_point_id"
#define MT_VPP_COL_CAPACITY        "capacity(MW)"
#define MT_VPP_COL_TECHNOLOGY      "technology"
#define MT_VPP_COL_CONTRACT_BEGIN  "contract_begin"
#define MT_VPP_COL_CONTRACT_END    "contract_end"
#define MT_VPP_COL_PRICE_MODEL     "price_model"
#define MT_VPP_COL_PRICE           "price(EUR/MWh)"
#define MT_VPP_COL_FEE_MODEL       "fee_model"
#define MT_VPP_COL_FEE             "fee"
#define MT_VPP_COL_FEE_PERCENT     "fee_percent(%)"
#define MT_VPP_COL_EMAIL           "email"
#define MT_VPP_COL_SPREAD          "spread(EUR/MWh)"
#define MT_VPP_COL_PRICE_PERCENT   "price_percent(%)"
#define MT_VPP_COL_FLOOR           "floor(EUR/MWh)"
#define MT_VPP_COL_CAP             "cap(EUR/MWh)"
#define MT_VPP_COL_FEE_FORM        "fee_form"
#define MT_VPP_COL_OWNER_ID        "owner_id"
#define MT_VPP_COL_SCHEME          "scheme"
#define MT_VPP_COL_VALUE_APPLIED   "value_applied(ct/kWh)"
#define MT_VPP_COL_ENERGY_CREDIT   "energy_credit"
#define MT_VPP_COL_LOST_RULE       "lost_rule"
#define MT_VPP_COL_CURTAIL_PERCENT "curtail_percent(%)"
#define MT_VPP_COL_VAT             "vat"
#define MT_VPP_HEADER_CONTRACTS \
    MT_VPP_COL_CONTRACT_ID "," MT_VPP_COL_ASSET_ID "," MT_VPP_COL_METERING_POINT "," MT_VPP_COL_CAPACITY "," \
    MT_VPP_COL_TECHNOLOGY "," MT_VPP_COL_CONTRACT_BEGIN "," MT_VPP_COL_CONTRACT_END "," \
    MT_VPP_COL_PRICE_MODEL "," MT_VPP_COL_PRICE "," MT_VPP_COL_FEE_MODEL "," MT_VPP_COL_FEE "," \
    MT_VPP_COL_FEE_PERCENT "," MT_VPP_COL_EMAIL
#define MT_VPP_HEADER_CONTRACTS_MORE \
    MT_VPP_COL_SPREAD "," MT_VPP_COL_PRICE_PERCENT "," MT_VPP_COL_FLOOR "," MT_VPP_COL_CAP "," \
    MT_VPP_COL_FEE_FORM "," MT_VPP_COL_OWNER_ID "," MT_VPP_COL_SCHEME "," MT_VPP_COL_VALUE_APPLIED "," \
    MT_VPP_COL_ENERGY_CREDIT "," MT_VPP_COL_LOST_RULE "," MT_VPP_COL_CURTAIL_PERCENT "," MT_VPP_COL_VAT

/* periods */
#define MT_VPP_COL_START           "delivery_start__utc_"
#define MT_VPP_COL_END             "delivery_end__utc_"

/* distribution_system_operator/final_production_*.csv: delivery_start__utc_,MP-SOL-001__kw_ */
#define MT_VPP_METER_UNIT_KW       "__kw_"
#define MT_VPP_METER_UNIT_MW       "__mw_"
#define MT_VPP_METER_UNIT_W        "__w_"
#define MT_VPP_METER_UNIT_KWH      "__kwh_"
#define MT_VPP_METER_UNIT_MWH      "__mwh_"
#define MT_VPP_METER_UNIT_WH       "__wh_"

/* distribution_system_operator/redispatch_flag_*.csv: ISO times with Z; the setpoint may be left out */
#define MT_VPP_COL_FLAG_START      "delivery_start"
#define MT_VPP_COL_FLAG_END        "delivery_end"
#define MT_VPP_COL_FLAG            "is_redispatched"
#define MT_VPP_COL_SETPOINT        "setpoint_kw"
#define MT_VPP_HEADER_REDISPATCH   MT_VPP_COL_FLAG_START "," MT_VPP_COL_FLAG_END "," MT_VPP_COL_FLAG

/* redispatch_compensation, day_ahead_price, intraday_index */
#define MT_VPP_COL_PERIOD_PRICE    "price__euro_per_mwh_"
#define MT_VPP_HEADER_PRICES       MT_VPP_COL_START "," MT_VPP_COL_END "," MT_VPP_COL_PERIOD_PRICE

/* imbalance/imbalance_price_*.csv: ';', dd.mm.yyyy, decimal comma */
#define MT_VPP_COL_DAY             "Datum"
#define MT_VPP_COL_ZONE            "Zeitzone"
#define MT_VPP_COL_FROM            "von"
#define MT_VPP_COL_UNTIL           "bis"
#define MT_VPP_COL_CATEGORY        "Datenkategorie"
#define MT_VPP_COL_DATA_KIND       "Datentyp"
#define MT_VPP_COL_UNIT            "Einheit"
#define MT_VPP_COL_SHORT           "reBAP unterdeckt"
#define MT_VPP_COL_LONG            "reBAP ueberdeckt"
#define MT_VPP_COL_ESTIMATE        "AEP-Schätzer"
#define MT_VPP_COL_STATUS          "Status"
#define MT_VPP_HEADER_IMBALANCE \
    MT_VPP_COL_DAY ";" MT_VPP_COL_ZONE ";" MT_VPP_COL_FROM ";" MT_VPP_COL_UNTIL ";" MT_VPP_COL_CATEGORY ";" \
    MT_VPP_COL_DATA_KIND ";" MT_VPP_COL_UNIT
#define MT_VPP_HEADER_REBAP        MT_VPP_HEADER_IMBALANCE ";" MT_VPP_COL_SHORT ";" MT_VPP_COL_LONG
#define MT_VPP_HEADER_ESTIMATE     MT_VPP_HEADER_IMBALANCE ";" MT_VPP_COL_ESTIMATE ";" MT_VPP_COL_STATUS

/* market/market_values_*.csv: a month "2025-06" or a year "2025" */
#define MT_VPP_COL_PERIOD          "period"
#define MT_VPP_COL_MARKET_VALUE    "value__ct_per_kwh_"
#define MT_VPP_HEADER_MARKET_VALUES MT_VPP_COL_PERIOD "," MT_VPP_COL_TECHNOLOGY "," MT_VPP_COL_MARKET_VALUE

/* schedule/schedule_*.csv, outage/outage_*.csv */
#define MT_VPP_COL_POWER           "power__kw_"
#define MT_VPP_HEADER_SCHEDULE     MT_VPP_COL_START "," MT_VPP_COL_POWER
#define MT_VPP_COL_OUTAGE_START    "outage_start__utc_"
#define MT_VPP_COL_OUTAGE_END      "outage_end__utc_"
#define MT_VPP_HEADER_OUTAGE       MT_VPP_COL_OUTAGE_START "," MT_VPP_COL_OUTAGE_END "," MT_VPP_COL_POWER

/* weather/weather_*.csv */
#define MT_VPP_COL_WEATHER_START   "start__utc_"
#define MT_VPP_COL_WEATHER_END     "end__utc_"
#define MT_VPP_COL_IRRADIANCE      "irradiance__w_per_m2_"
#define MT_VPP_COL_WIND_SPEED      "wind_speed__m_per_s_"
#define MT_VPP_COL_WIND_HEIGHT     "wind_height__m_"
#define MT_VPP_COL_TEMPERATURE     "temperature__c_"
#define MT_VPP_COL_CLOUD           "cloud__share_"
#define MT_VPP_HEADER_WEATHER \
    MT_VPP_COL_WEATHER_START "," MT_VPP_COL_WEATHER_END "," MT_VPP_COL_IRRADIANCE "," \
    MT_VPP_COL_WIND_SPEED "," MT_VPP_COL_WIND_HEIGHT "," MT_VPP_COL_TEMPERATURE "," MT_VPP_COL_CLOUD

/* exchange/epex_trades_*.csv: whole cents a MWh, whole MW, local hours of Europe/Berlin ("08-09") */
#define MT_VPP_HEADER_EPEX \
    "id,price,quantity,direction,delivery_day,delivery_hour,trader_id,execution_time"

/* exchange/Private_Trades-*.csv, Public_Trades-*.csv, behind a comment line; the last two may be left out */
#define MT_VPP_HEADER_TRADES \
    "TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit"
#define MT_VPP_HEADER_TRADES_MORE  "TraderId;Strategy"

/* column documents: {"key":{…},"column_ids":[…],"units":[…],"values":[[…],…]} */
#define MT_VPP_KEY_KEY             "key"
#define MT_VPP_KEY_ASSET_ID        "asset_id"
#define MT_VPP_KEY_ENTITY_ID       "entity_id" /* some live files say so */
#define MT_VPP_KEY_TYPE_ID         "type_id"
#define MT_VPP_KEY_COLUMN_IDS      "column_ids"
#define MT_VPP_KEY_UNITS           "units"
#define MT_VPP_KEY_VALUES          "values"
#define MT_VPP_TYPE_LIVE           "power-measurement-live"
#define MT_VPP_TYPE_FORECAST       "pv-forecast-real"
#define MT_VPP_ID_TIMESTAMP        "timestamp"
#define MT_VPP_ID_VALUE            "value"
#define MT_VPP_ID_QUALITY          "quality"
#define MT_VPP_ID_START            "start"
#define MT_VPP_ID_END              "end"
#define MT_VPP_ID_VERSION          "version"
#define MT_VPP_ID_POWER            "power"

/* crm/parties*.json: {"issuer":{…},"owners":[{…}]}; members of a party are those of terms/vpp/party.h */
#define MT_VPP_KEY_ISSUER          "issuer"
#define MT_VPP_KEY_OWNERS          "owners"

/* technical data: {"assets":[{…}]} */
#define MT_VPP_KEY_ASSETS          "assets"
#define MT_VPP_KEY_NAME            "name"
#define MT_VPP_KEY_TYPE            "type"
#define MT_VPP_KEY_LOCATION        "location"
#define MT_VPP_KEY_LATITUDE        "latitude"
#define MT_VPP_KEY_LONGITUDE       "longitude"
#define MT_VPP_KEY_TIMEZONE        "timezone"
#define MT_VPP_KEY_ATTRIBUTES      "technical_attributes"
#define MT_VPP_KEY_CAPACITY_KW     "capacity_kw"
#define MT_VPP_KEY_PANEL           "panel_type"
#define MT_VPP_KEY_TURBINE         "turbine_model"
#define MT_VPP_KEY_TRACKING        "tracking_type"
#define MT_VPP_KEY_TURBINES        "turbine_count"
#define MT_VPP_KEY_HUB_HEIGHT      "hub_height_meters"
#define MT_VPP_KEY_TILT            "tilt_degrees"
#define MT_VPP_KEY_AZIMUTH         "azimuth_degrees"
#define MT_VPP_KEY_COMMISSIONED    "commissioning_date"
#define MT_VPP_KEY_STATUS          "status"
#define MT_VPP_KEY_OWNER           "owner"
/* clang-format on */

#endif
