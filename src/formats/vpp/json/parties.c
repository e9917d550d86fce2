/* Parties: who issues documents, and the owners they are for. */
#include "formats/vpp/json/members.h"

/* clang-format off */
/* Texts of a party by the names of terms/vpp/party.h. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {
#define TEXT(member) {#member, offsetof(mt_party, member)}
    TEXT(party_id),
    TEXT(name),
    TEXT(street),
    TEXT(postcode),
    TEXT(city),
    TEXT(country),
    TEXT(vat_id),
    TEXT(tax_number),
    TEXT(register_id),
    TEXT(contact_name),
    TEXT(contact_phone),
    TEXT(contact_email),
    TEXT(electronic_address),
    TEXT(electronic_scheme),
    TEXT(buyer_reference),
    TEXT(iban),
    TEXT(bic),
    TEXT(market_id),
    TEXT(datev_account),
#undef TEXT
};
/* clang-format on */

static void read_party(const mt_json *object, mt_party *out)
{
    *out = (mt_party){.reseller_from = mt_vpp_member_day(object, "reseller_from"),
                      .reseller_until = mt_vpp_member_day(object, "reseller_until"),
                      .small_business = mt_vpp_member_bool(object, "small_business")};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        const char **to = (const char **)(void *)((char *)out + texts[k].offset);
        *to = mt_vpp_member_text(object, texts[k].name);
    }
}

static mt_code give_party(mt_vpp_reader *reader, const mt_json *object, bool issuer)
{
    mt_party party;
    read_party(object, &party);
    if (party.party_id == NULL && !issuer)
        return mt_vpp_find(reader, MT_F_BAD_ROW, party.name, mt_vpp_at_line(0),
                           "%s: an owner has no party_id; contracts name owners by it",
                           mt_vpp_file_name(reader));
    return MT_VPP_GIVE(reader, party, &party, issuer);
}

mt_code mt_vpp_read_parties(mt_vpp_reader *reader)
{
    const mt_json *tree;
    MT_TRY(mt_vpp_document(reader, &tree));
    const mt_json *issuer = mt_json_member(tree, MT_VPP_KEY_ISSUER);
    const mt_json *owners = mt_json_member(tree, MT_VPP_KEY_OWNERS);
    if (issuer == NULL && owners == NULL)
        return mt_fail(&reader->own, MT_E_INPUT,
                       "%s has neither issuer nor owners; expected {\"issuer\":{…},"
                       "\"owners\":[{…}]}",
                       mt_vpp_file_name(reader));
    if (issuer != NULL) MT_TRY(give_party(reader, issuer, true));
    for (const mt_json *owner = owners != NULL ? owners->first : NULL; owner != NULL; owner = owner->next)
        MT_TRY(give_party(reader, owner, false));
    return MT_OK;
}
