/* Hands every file of a corpus to a fuzzer's entry, with any compiler.
 *
 * Purpose   `make test` replays what fuzzing found, under sanitizers and without libFuzzer.
 * Shapes    replay DIR…: every file of each folder, in the order of their names. An empty folder is a
 *           failure, so that a corpus cannot vanish unseen; an input that takes longer than 20 s ends the
 *           program.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECONDS_AN_INPUT = 20, PATH_BYTES = 4096 };

/* The whole file in memory of exactly its size, so that ASan sees a read one byte past it. */
static uint8_t *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    uint8_t *data = NULL;
    if (file != NULL && fstat(fileno(file), &about) == 0) {
        *size = (size_t)about.st_size;
        data = malloc(*size > 0 ? *size : 1);
        if (data != NULL && fread(data, 1, *size, file) != *size) {
            free(data);
            data = NULL;
        }
    }
    if (file != NULL) fclose(file);
    return data;
}

static int replay_file(const char *path)
{
    size_t size = 0;
    uint8_t *data = read_whole(path, &size);
    if (data == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 1;
    }
    fprintf(stderr, "%s\n", path); /* the last one printed is the one that failed */
    alarm(SECONDS_AN_INPUT);
    LLVMFuzzerTestOneInput(data, size);
    alarm(0);
    free(data);
    return 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay_folder(const char *folder)
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, is_visible, alphasort);
    int failed = n <= 0;
    if (n <= 0) fprintf(stderr, "%s: %s\n", folder, n < 0 ? strerror(errno) : "the corpus is empty");
    for (int i = 0; i < n; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        failed |= replay_file(path);
        free(entry[i]);
    }
    free(entry);
    if (n > 0) printf("%s: %d inputs\n", folder, n);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) failed |= replay_folder(argv[i]);
    return failed;
}
