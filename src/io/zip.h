/* Zip archives in memory: their list and one entry after another, never more than was allowed.
 *
 * Purpose   Answers that come as a zip of XML documents, and workbooks.
 * Shapes    At most MT_ZIP_ENTRIES_MAX entries, MT_ZIP_ENTRY_MAX bytes an entry and MT_ZIP_TOTAL_MAX bytes of
 *           all that is unpacked from one archive: what an entry says of its size is not believed, it is
 *           counted while unpacking. Stored and deflated entries; no encryption, no zip64, one volume.
 *           Entries that overlap count every time they are unpacked. Names are only compared: nothing is
 *           written to a file.
 * Errors    MT_E_INPUT "NAME: what is wrong", also for a checksum that does not fit;  MT_E_TOO_LARGE beyond
 *           the limits.
 * Ownership The archive is an arena value that borrows its bytes; what is unpacked lives in the cx of the
 *           call.
 * Source    PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.4; RFC 1951 and 1952.
 */
#ifndef MT_IO_ZIP_H
#define MT_IO_ZIP_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_ZIP_ENTRIES_MAX = 10000, MT_ZIP_ENTRY_MAX = 64 << 20, MT_ZIP_TOTAL_MAX = 256 << 20 };

typedef struct mt_zip mt_zip;

typedef struct mt_zip_entry {
    const char *name;                /* "xl/workbook.xml" */
    uint32_t size, packed, checksum; /* as the archive says */
    uint32_t offset;
    uint16_t method, flags;
} mt_zip_entry;

/* Do the bytes begin like a zip archive (also an empty one)? */
bool mt_zip_is(mt_text bytes);

/* `name` is the archive's in messages. */
MT_MUST_USE mt_code mt_zip_open(mt_ctx *cx, mt_zip **out, const char *name, mt_text bytes);

const mt_zip_entry *mt_zip_entries(const mt_zip *zip, size_t *n);
const mt_zip_entry *mt_zip_find(const mt_zip *zip, const char *name); /* NULL: none */

MT_MUST_USE mt_code mt_zip_read(mt_ctx *cx, mt_zip *zip, const mt_zip_entry *entry, mt_text *out);

MT_END_DECLS
#endif
