/* Outside libraries that are found when they are first needed. */
#include "io/library.h"

#include <dlfcn.h>
#include <string.h>

/* The first function that the library does not have, or NULL. */
static const char *find_missing(void *opened, const mt_library *library)
{
    for (size_t k = 0; k < library->n; k++)
        if (!dlsym(opened, library->symbol[k].name)) return library->symbol[k].name;
    return NULL;
}

mt_code mt_library_load(mt_ctx *cx, void **handle, void *table, const mt_library *library)
{
    void *opened = dlopen(library->path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (!opened)
        return mt_fail(cx, MT_E_ABSENT, "%s %s cannot be loaded (%s): %s needs the Debian package %s",
                       library->title, library->path, dlerror(), library->need, library->package);
    const char *missing = find_missing(opened, library);
    if (missing) {
        dlclose(opened);
        return mt_fail(cx, MT_E_ABSENT,
                       "%s %s has no function %s: a newer version of the Debian package %s is needed",
                       library->title, library->path, missing, library->package);
    }
    for (size_t k = 0; k < library->n; k++) {
        void *address = dlsym(opened, library->symbol[k].name);
        memcpy((char *)table + library->symbol[k].offset, &address, sizeof address);
    }
    *handle = opened;
    return MT_OK;
}

void mt_library_unload(void *handle)
{
    if (handle) dlclose(handle);
}
