/* Fuzzer of the reader of monthly statistics: any file gives rows of whole months or a sentence. */
#include "sources/answer.h"
#include "sources/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const mt_ctx_options options = {.size = sizeof options, .limit_bytes = 64 << 20};
    mt_ctx cx;
    char path[64];
    mt_sink *none;
    int64_t pages = 0;
    int fd = memfd_create("months.csv", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    mt_source_call call = {.base_url = path, .pages = &pages, .now = 20000 * MT_US_DAY};
    mt_source_query query = {.dataset = mt_source_iea.dataset, .from = 0, .to = 40000 * MT_US_DAY};
    mt_ctx_init(&cx, &options);
    if (mt_check_sink(&cx, &none) == MT_OK && mt_source_iea.fetch(&cx, &call, &query, none) != MT_OK &&
        !cx.err[0]) {
        fprintf(stderr, "a failure without a sentence\n");
        abort();
    }
    mt_ctx_close(&cx);
    close(fd);
    return 0;
}
