/* The fault campaign: consumers die, servers stop, disks fill; every message is there once. */
#include "faults/campaign.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const point_name[POINTS] = {"received", "inside", "committed", "rebalance", "anywhere"};

enum { START_MS = 60000 };

/* splitmix64 (Steele, Lea, Flood 2014): the same seed, the same campaign. */
uint64_t draw(campaign *c, uint64_t below)
{
    uint64_t x = c->random += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return (x ^ x >> 31) % below;
}

int draw_point(campaign *c)
{
    int first = (int)draw(c, POINTS), least = first;
    for (int k = 1; k < POINTS; k++) {
        int other = (first + k) % POINTS;
        if (c->killed[other] < c->killed[least]) least = other;
    }
    return least;
}

void start_consumer(const campaign *c, fault_child *child, const fault_task *task)
{
    char word[9][400];
    const char *argv[11] = {c->consumer};
    int n = 0;
    snprintf(word[n++], sizeof word[0], "store=%s", task->store);
    snprintf(word[n++], sizeof word[0], "stream=%s", task->stream);
    snprintf(word[n++], sizeof word[0], "batch=%ld", task->batch);
    if (task->end) snprintf(word[n++], sizeof word[0], "end=1");
    if (task->topic) snprintf(word[n++], sizeof word[0], "topic=%s", task->topic);
    if (task->dead) snprintf(word[n++], sizeof word[0], "dead=%s", task->dead);
    if (task->settings) snprintf(word[n++], sizeof word[0], "settings=%s", task->settings);
    if (task->point >= 0 && task->point != ANYWHERE) {
        snprintf(word[n++], sizeof word[0], "point=%s", point_name[task->point]);
        snprintf(word[n++], sizeof word[0], "count=%ld", task->count);
    }
    for (int k = 0; k < n; k++) argv[k + 1] = word[k];
    child_start(child, argv, c->log);
}

void make_store(const campaign *c, const char *url)
{
    fault_child child;
    char word[400];
    snprintf(word, sizeof word, "store=%s", url);
    const char *const argv[] = {c->consumer, word, "make=1", NULL};
    child_start(&child, argv, c->log);
    child_wait(&child, START_MS);
    if (child.status != 0) die("no store can be made at %s", url);
}

void close_books(campaign *c, const char *what, mt_store *store, int64_t n, int64_t positions)
{
    ledger l;
    ledger_check(&l, store, n, positions);
    printf("%s: %lld messages, %lld rows, %lld dead letters, %lld revisions; lost %lld, twice %lld%s\n", what,
           (long long)n, (long long)l.rows, (long long)l.letters, (long long)l.kept, (long long)l.lost,
           (long long)l.twice, l.wrong ? "; VALUES OR POSITIONS ARE WRONG" : "");
    fflush(stdout);
    c->lost += l.lost;
    c->twice += l.twice;
    c->wrong += l.wrong;
}

/* --- the campaign ------------------------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void show_log(const campaign *c)
{
    char command[160];
    snprintf(command, sizeof command, "tail -n 40 %s", c->log);
    if (system(command) != 0) printf("no log\n");
}

static void read_arguments(campaign *c, int argc, char **argv)
{
    for (int k = 1; k < argc; k++) {
        char *value = strchr(argv[k], '=');
        if (!value)
            die("%s is no setting; right would be seed=N kills=N stops=N only=WORD kafka=HOST:PORT", argv[k]);
        *value++ = 0;
        if (strcmp(argv[k], "seed") == 0) c->random = strtoull(value, NULL, 10);
        if (strcmp(argv[k], "kills") == 0) c->kills = strtol(value, NULL, 10);
        if (strcmp(argv[k], "stops") == 0) c->stops = strtol(value, NULL, 10);
        if (strcmp(argv[k], "only") == 0) c->only = value;
        if (strcmp(argv[k], "kafka") == 0) c->kafka = value;
    }
}

/* The programs stand beside this one. */
static void find_programs(campaign *c, const char *self)
{
    char folder[256];
    ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (n < 0) die("%s does not know where it stands", self);
    folder[n] = 0;
    *strrchr(folder, '/') = 0;
    snprintf(c->consumer, sizeof c->consumer, "%s/faults_consumer", folder);
    snprintf(c->broker, sizeof c->broker, "%s/mock_broker", folder);
}

static bool wanted(const campaign *c, const char *mode)
{
    return !c->only || strcmp(c->only, mode) == 0;
}

/* Four kills in five on a file, which is quick to start again; the others in a group of consumers. */
static void run(campaign *c)
{
    bool server = server_is_there();
    long grouped = server && wanted(c, "group") ? (c->only ? c->kills : c->kills / 5) : 0;
    if (!server) printf("PostgreSQL's programs are not installed: what needs them is left out\n");
    if (wanted(c, "file")) kill_on_a_file(c, c->kills - grouped);
    if (grouped) kill_in_a_group(c, grouped);
    if (server && wanted(c, "broker")) trouble_the_broker(c, c->stops);
    if (server && wanted(c, "server")) stop_the_server(c, c->stops);
    if (wanted(c, "disk")) fill_the_disk(c);
}

int main(int argc, char **argv)
{
    campaign c = {.dir = "/tmp/merit-faults-XXXXXX", .random = (uint64_t)clock_ms(), .kills = 30, .stops = 5};
    read_arguments(&c, argc, argv);
    printf("seed=%llu\n", (unsigned long long)c.random);
    fflush(stdout);
    find_programs(&c, argv[0]);
    if (!mkdtemp(c.dir) || chmod(c.dir, 0755) != 0) die("no folder %s", c.dir);
    snprintf(c.log, sizeof c.log, "%s/log", c.dir);
    int64_t start = clock_ms();
    run(&c);
    printf("killed:");
    for (int k = 0; k < POINTS; k++) printf("%s %s %ld", k ? "," : "", point_name[k], c.killed[k]);
    printf("; lost %lld, twice %lld; %lld s\n", (long long)c.lost, (long long)c.twice,
           (long long)(clock_ms() - start) / 1000);
    bool well = !c.lost && !c.twice && !c.wrong;
    if (!well) show_log(&c);
    nftw(c.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return well ? 0 : 1;
}
