/* Technical data sheets: the plants of a portfolio. */
#include "formats/vpp/json/members.h"

/* Of some names the first that is there. */
static const char *first_text(const mt_json *object, const char *a, const char *b)
{
    const char *text = mt_vpp_member_text(object, a);
    return text != NULL ? text : mt_vpp_member_text(object, b);
}

static double first_real(const mt_json *object, const char *a, const char *b)
{
    return mt_json_member(object, a) != NULL ? mt_vpp_member_real(object, a) : mt_vpp_member_real(object, b);
}

/* An object with a name, or the name itself. */
static const char *owner_of(const mt_json *asset)
{
    const mt_json *owner = mt_json_member(asset, MT_VPP_KEY_OWNER);
    if (owner != NULL && owner->kind == MT_JSON_OBJECT) return mt_vpp_member_text(owner, MT_VPP_KEY_NAME);
    return mt_vpp_member_text(asset, MT_VPP_KEY_OWNER);
}

static int64_t capacity_of(const mt_json *attributes)
{
    static const mt_vpp_scale w_of_kw = {"kw", 1, 1000};
    mt_micro value = mt_vpp_member_decimal(attributes, MT_VPP_KEY_CAPACITY_KW);
    if (value == MT_MICRO_NONE || value < 0 || !mt_vpp_scale_apply(&w_of_kw, &value)) return MT_MICRO_NONE;
    return value;
}

static int64_t turbines_of(const mt_json *attributes)
{
    mt_micro count = mt_vpp_member_decimal(attributes, MT_VPP_KEY_TURBINES);
    return count == MT_MICRO_NONE || count < 0 ? INT64_MIN : count / MT_MICRO_ONE;
}

static void read_plant(const mt_json *asset, mt_plant *out)
{
    const mt_json *place = mt_json_member(asset, MT_VPP_KEY_LOCATION);
    const mt_json *technical = mt_json_member(asset, MT_VPP_KEY_ATTRIBUTES);
    *out = (mt_plant){
        .asset_id = mt_vpp_member_text(asset, MT_VPP_KEY_ASSET_ID),
        .name = mt_vpp_member_text(asset, MT_VPP_KEY_NAME),
        .latitude = mt_vpp_member_real(place, MT_VPP_KEY_LATITUDE),
        .longitude = mt_vpp_member_real(place, MT_VPP_KEY_LONGITUDE),
        .zone = mt_vpp_member_text(place, MT_VPP_KEY_TIMEZONE),
        .capacity_w = capacity_of(technical),
        .model = first_text(technical, MT_VPP_KEY_PANEL, MT_VPP_KEY_TURBINE),
        .tracking = mt_vpp_member_text(technical, MT_VPP_KEY_TRACKING),
        .turbines = turbines_of(technical),
        .hub_height_m = first_real(technical, MT_VPP_KEY_HUB_HEIGHT, "hub_height_m"),
        .tilt_deg = first_real(technical, MT_VPP_KEY_TILT, "tilt_deg"),
        .azimuth_deg = first_real(technical, MT_VPP_KEY_AZIMUTH, "azimuth_deg"),
        .commissioned = mt_vpp_member_day(technical, MT_VPP_KEY_COMMISSIONED),
        .status = mt_vpp_member_text(asset, MT_VPP_KEY_STATUS),
        .owner = owner_of(asset),
    };
}

static mt_code give_plant(mt_vpp_reader *reader, const mt_json *asset, size_t place)
{
    mt_plant plant;
    read_plant(asset, &plant);
    const char *type = mt_vpp_member_text(asset, MT_VPP_KEY_TYPE);
    if (plant.asset_id == NULL)
        return mt_vpp_find(reader, MT_F_BAD_ROW, NULL, mt_vpp_at_line(0), "%s: asset %zu has no asset_id",
                           mt_vpp_file_name(reader), place);
    if (type == NULL || !mt_technology_find(mt_text_of(type), &plant.technology))
        return mt_vpp_find(reader, MT_F_BAD_ROW, plant.asset_id, mt_vpp_at_line(0),
                           "%s: the type of %s is \"%.40s\"; expected solar, wind or wind_offshore",
                           mt_vpp_file_name(reader), plant.asset_id, type != NULL ? type : "");
    return MT_VPP_GIVE(reader, plant, &plant);
}

mt_code mt_vpp_read_technical(mt_vpp_reader *reader)
{
    const mt_json *tree;
    size_t place = 0;
    MT_TRY(mt_vpp_document(reader, &tree));
    const mt_json *assets = mt_json_member(tree, MT_VPP_KEY_ASSETS);
    if (assets == NULL || assets->kind != MT_JSON_ARRAY)
        return mt_fail(&reader->own, MT_E_INPUT, "%s has no assets; expected {\"assets\":[{…}]}",
                       mt_vpp_file_name(reader));
    for (const mt_json *asset = assets->first; asset != NULL; asset = asset->next)
        MT_TRY(give_plant(reader, asset, ++place));
    return MT_OK;
}
