/* The plants of the sample day, and those that traps bring: each row a plant, its gaps, its contract. */
#include "simulate/vpp/terms.h"

/* clang-format off */
static const mt_sim_plant_row sample_row[] = {
    {MT_SIM_TRAPS, MT_SOLAR, 1, 1088, "2019-04-12", MT_SIM_NO_LIVE,
     "begin=2024-03-01 price_model=fixed price=85 fee_model=fixed_as_produced fee=2.5", NULL},
    {MT_SIM_TRAPS, MT_SOLAR, 2, 1490, "2022-08-30", 0,
     "begin=2025-06-01 end=2028-11-01 price_model=market fee_model=percent_of_market fee_percent=5", NULL},
    {MT_SIM_TRAPS, MT_WIND, 1, 4000, "2016-11-03", MT_SIM_NO_METER,
     "begin=2025-05-01 price_model=fixed price=75 fee_model=fixed_for_capacity fee=3", NULL},
    {MT_SIM_TRAPS, MT_WIND, 2, 6600, "2021-06-21", 0,
     "begin=2024-09-01 end=2029-09-01 price_model=market fee_model=percent_of_market fee_percent=7", NULL},
    {MT_SIM_TRAPS, MT_WIND, 3, 5600, "2024-07-15", 0,
     "begin=2024-09-01 price_model=fixed fee_model=fixed_as_produced fee_percent=7", NULL},
};

#define PLAIN "begin=2023-01-01 price_model=fixed price=80 fee_model=fixed_as_produced fee=2 owner=OWN-9900"

static const mt_sim_plant_row trap_row[] = {
    {MT_TRAP_MODELS, MT_SOLAR, 9901, 2400, "2014-05-01", 0,
     "begin=2023-01-01 price_model=fixed price=72.5 fee_model=none scheme=transitional lost_rule=forecast "
     "owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9902, 3000, "2017-02-10", 0,
     "begin=2023-01-01 price_model=fixed price=68 fee_model=fixed_for_capacity fee=1500 fee_form=service "
     "scheme=transitional lost_rule=flat vat=reverse owner=OWN-9901", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9903, 1750, "2019-09-01", 0,
     "begin=2023-01-01 price_model=market floor=20 cap=90 fee_model=percent_of_market fee_percent=4 "
     "fee_form=reduction scheme=feed_in_tariff value_applied=8.91 lost_rule=forecast owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9904, 4200, "2020-12-01", 0,
     "begin=2023-01-01 price_model=market fee_model=fixed_as_produced fee=1.85 fee_form=service "
     "scheme=feed_in_tariff value_applied=7.3 lost_rule=flat owner=OWN-9901", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9905, 990, "2020-06-30", 0,
     "begin=2023-01-01 price_model=day_ahead spread=-1.25 fee_model=none scheme=feed_in_tariff "
     "value_applied=8.11 lost_rule=flat vat=reverse owner=OWN-9902", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9906, 5500, "2021-10-01", 0,
     "begin=2023-01-01 price_model=day_ahead spread=0.5 fee_model=percent_of_market fee_percent=2.5 "
     "fee_form=service scheme=market_premium value_applied=7.35 energy_credit=yes lost_rule=weather "
     "curtail_percent=80 owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9907, 3300, "2021-07-01", 0,
     "begin=2023-01-01 price_model=market_value spread=-3 fee_model=none scheme=market_premium "
     "value_applied=6.9 energy_credit=yes lost_rule=weather owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9908, 6200, "2024-03-01", 0,
     "begin=2024-03-01 price_model=market_value spread=-2.1 fee_model=fixed_as_produced fee=0.9 "
     "scheme=market_premium value_applied=9.12 energy_credit=yes lost_rule=flat owner=OWN-9901", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9909, 2050, "2025-03-01", 0,
     "begin=2025-03-01 price_model=market_value_year spread=-2 fee_model=fixed_for_capacity fee=900 "
     "scheme=market_premium value_applied=7.05 energy_credit=yes lost_rule=forecast curtail_percent=100 "
     "owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9910, 2000, "2012-08-15", 0,
     "begin=2023-01-01 price_model=market_value_year fee_model=percent_of_market fee_percent=1.5 "
     "scheme=transitional vat=exempt owner=OWN-9903", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9911, 740, "2015-10-01", 0,
     "begin=2023-01-01 price_model=percent_of_market price_percent=93.5 floor=0 fee_model=none "
     "scheme=market_premium value_applied=11 energy_credit=no lost_rule=flat vat=exempt "
     "owner=OWN-9903", NULL},
    {MT_TRAP_MODELS, MT_WIND, 9912, 4800, "2022-04-01", 0,
     "begin=2023-01-01 price_model=percent_of_market price_percent=96.25 cap=80 fee_model=fixed_as_produced "
     "fee=2.05 fee_form=service scheme=transitional lost_rule=weather vat=reverse owner=OWN-9901", NULL},
    {MT_TRAP_MODELS, MT_WIND_OFFSHORE, 9913, 9500, "2019-01-15", 0,
     "begin=2023-01-01 price_model=market_value spread=-4 fee_model=percent_of_market fee_percent=3 "
     "scheme=transitional energy_credit=yes lost_rule=forecast owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9914, 1200, "2019-03-01", 0,
     "begin=2023-01-01 price_model=percent_of_market fee_model=none owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9915, 880, "2018-03-01", 0,
     "begin=2023-01-01 price_model=fixed price=70.5 fee_model=none scheme=feed_in_tariff "
     "owner=OWN-9900", NULL},
    {MT_TRAP_MODELS, MT_SOLAR, 9916, 1333, "2023-05-01", 0,
     "begin=2023-06-01 price_model=market fee_model=percent_of_market fee_percent=3.333333 fee_form=service "
     "scheme=market_premium value_applied=7.37 energy_credit=yes curtail_percent=50 owner=OWN-9901", NULL},
    {MT_TRAP_OVERLAP, MT_WIND, 9921, 2300, "2018-05-01", 0, PLAIN,
     "begin=-3 price_model=fixed price=74 fee_model=fixed_as_produced fee=1 owner=OWN-9900"},
    {MT_TRAP_OVERLAP, MT_SOLAR, 9922, 1100, "2018-05-01", 0, PLAIN,
     "begin=2023-01-01 price_model=fixed price=64 fee_model=none owner=OWN-9900"},
    {MT_TRAP_CONTRACT_ENDS, MT_SOLAR, 9923, 1600, "2018-05-01", 0,
     "begin=2023-01-01 end=+0 price_model=fixed price=80 fee_model=fixed_for_capacity fee=1000 "
     "owner=OWN-9900",
     "begin=+1 price_model=fixed price=77 fee_model=fixed_for_capacity fee=800 owner=OWN-9900"},
    {MT_TRAP_CONTRACT_ENDS, MT_WIND, 9924, 2100, "2018-05-01", 0,
     "begin=2023-01-01 end=-1 price_model=fixed price=80 fee_model=none owner=OWN-9900", NULL},
    {MT_TRAP_CONTRACT_ENDS, MT_WIND, 9925, 2600, "2018-05-01", 0,
     "begin=+0 price_model=fixed price=81 fee_model=fixed_for_capacity fee=1100 owner=OWN-9900", NULL},
    {MT_TRAP_CAPACITY_CHANGE, MT_WIND, 9926, 6000, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_ABOVE_CAPACITY, MT_SOLAR, 9927, 1500, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_ABOVE_CAPACITY, MT_WIND, 9928, 2500, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_NEGATIVE_NIGHT, MT_SOLAR, 9929, 1900, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_SECONDS, MT_WIND, 9930, 2200, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_MISSING_QUARTERS, MT_SOLAR, 9931, 1300, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_MISSING_QUARTERS, MT_WIND, 9932, 1400, "2018-05-01", MT_SIM_NO_LIVE, PLAIN, NULL},
    {MT_TRAP_MISSING_PRICE, MT_WIND, 9933, 1800, "2018-05-01", 0,
     "begin=2023-01-01 price_model=market fee_model=none owner=OWN-9900", NULL},
    {MT_TRAP_MISSING_PRICE, MT_WIND, 9934, 1850, "2018-05-01", 0,
     "begin=2023-01-01 price_model=fixed price=83 fee_model=none scheme=transitional owner=OWN-9900", NULL},
    {MT_TRAP_DAMAGED_FILE, MT_WIND, 9935, 2700, "2018-05-01", MT_SIM_NO_LIVE | MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_BAD_ROWS, MT_SOLAR, 9936, 1450, "2018-05-01", MT_SIM_NO_LIVE, PLAIN, NULL},
    {MT_TRAP_DISORDER, MT_WIND, 9937, 2350, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_DISORDER, MT_SOLAR, 9938, 1250, "2018-05-01", MT_SIM_NO_LIVE, PLAIN, NULL},
    {MT_TRAP_LOW_QUALITY, MT_WIND, 9939, 3050, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_OFF_GRID, MT_SOLAR, 9940, 1050, "2018-05-01", MT_SIM_NO_LIVE, PLAIN, NULL},
    {MT_TRAP_UNITS, MT_WIND, 9941, 2850, "2018-05-01", MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_UNITS, MT_SOLAR, 9942, 1150, "2018-05-01", MT_SIM_NO_LIVE, PLAIN, NULL},
    {MT_TRAP_LATE_FORECAST, MT_WIND, 9943, 2950, "2018-05-01", MT_SIM_NO_LIVE | MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_LATE_FILE, MT_WIND, 9944, 3150, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_DUPLICATE_FILE, MT_SOLAR, 9945, 1350, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_TWO_FILES, MT_WIND, 9946, 3250, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_REDISPATCH, MT_WIND, 9947, 3350, "2018-05-01", MT_SIM_NO_LIVE | MT_SIM_NO_METER, PLAIN, NULL},
    {MT_TRAP_REDISPATCH, MT_SOLAR, 9948, 1850, "2018-05-01", 0, PLAIN, NULL},
    {MT_TRAP_MISSING_PRICE, MT_WIND, 9950, 1950, "2018-05-01", 0,
     "begin=2023-01-01 price_model=day_ahead fee_model=none owner=OWN-9900", NULL},
    {MT_TRAP_DIALECT, MT_SOLAR, 9949, 1650, "2018-05-01", 0, PLAIN, NULL},
};
/* clang-format on */

const mt_sim_plant_row *mt_sim_sample_plants(size_t *n)
{
    *n = sizeof sample_row / sizeof *sample_row;
    return sample_row;
}

const mt_sim_plant_row *mt_sim_trap_plants(size_t *n)
{
    *n = sizeof trap_row / sizeof *trap_row;
    return trap_row;
}
