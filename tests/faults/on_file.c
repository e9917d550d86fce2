/* A file into the embedded store: a consumer that is killed at every point, and a disk that fills. */
#include "faults/campaign.h"

#include "faults/feed.h"
#include "faults/messages.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 50, RUN_MS = 60000, BOOKS_EVERY = 25, START_MS = 60, ANYWHERE_MS = 350 };

/* --- killed ------------------------------------------------------------------------------------------ */

/* What stands after a kill agrees with the position: every message before it once, none behind it. */
static void check_between(campaign *c, const char *url, const fault_feed *feed, int64_t *place)
{
    ledger l;
    mt_store *store = ledger_open(url);
    int64_t n = ledger_messages(store);
    if (n > feed->n) die("%lld messages are tallied, %lld were written", (long long)n, (long long)feed->n);
    ledger_check(&l, store, n, place[n]);
    mt_store_close(store);
    if (l.lost || l.twice || l.wrong)
        printf("after a kill at message %lld: lost %lld, twice %lld, wrong %lld\n", (long long)n,
               (long long)l.lost, (long long)l.twice, (long long)l.wrong);
    c->lost += l.lost;
    c->twice += l.twice;
    c->wrong += l.wrong;
}

/* place[k] is the byte where message k begins. */
static void add_lines(fault_feed *feed, int64_t *place, int64_t n)
{
    for (int64_t k = 0; k < n; k++) {
        char text[200];
        place[feed->n + k + 1] =
            place[feed->n + k] + (int64_t)message_write(text, sizeof text, feed->n + k) + 1;
    }
    feed_add(feed, n);
}

/* True: it was killed where it was told to be. */
static bool kill_once(campaign *c, const char *url, const fault_feed *feed, int point)
{
    fault_child child;
    fault_task task = {.store = url, .stream = feed->url, .batch = BATCH, .end = true};
    task.point = point;
    task.count = point == REBALANCE ? 1 : 1 + (long)draw(c, 4);
    start_consumer(c, &child, &task);
    if (point == ANYWHERE) {
        sleep_ms(START_MS + (int64_t)draw(c, ANYWHERE_MS));
        child_end(&child);
    }
    child_wait(&child, RUN_MS);
    if (!child_killed(&child) && child.status != 0) die("a consumer ended with status %d", child.status);
    if (child_killed(&child)) c->killed[task.point]++;
    return child_killed(&child);
}

static void run_to_the_end(const campaign *c, const char *url, const fault_feed *feed)
{
    fault_child child;
    const fault_task task = {.store = url, .stream = feed->url, .batch = 20000, .point = -1, .end = true};
    start_consumer(c, &child, &task);
    child_wait(&child, RUN_MS * 5);
    if (child.status != 0) die("a consumer ended with status %d", child.status);
}

void kill_on_a_file(campaign *c, long kills)
{
    fault_feed feed;
    char url[120], what[80];
    int64_t most = (kills + 2) * 6 * BATCH;
    int64_t *place = calloc((size_t)most + 1, sizeof *place);
    if (!place) die("no memory for %lld places", (long long)most);
    snprintf(url, sizeof url, "duckdb:%s/store", c->dir);
    make_store(c, url);
    feed_open_file(&feed, c->dir, "killed");
    for (long k = 0; k < kills;) {
        int point = draw_point(c);
        int64_t more = point == ANYWHERE ? 10 * BATCH : (int64_t)(2 + draw(c, 3)) * BATCH;
        add_lines(&feed, place, more < most - feed.n ? more : most - feed.n);
        k += kill_once(c, url, &feed, point);
        if (k % BOOKS_EVERY == 0) check_between(c, url, &feed, place);
    }
    run_to_the_end(c, url, &feed);
    mt_store *store = ledger_open(url);
    snprintf(what, sizeof what, "file into DuckDB, %ld kills", kills);
    close_books(c, what, store, feed.n, feed.bytes);
    mt_store_close(store);
    feed_close(&feed);
    free(place);
}

/* --- a disk that fills ------------------------------------------------------------------------------- */

enum { DISK_MIB = 24, FULL_MS = 60000 };

static void write_ballast(const char *path)
{
    static const char block[65536];
    FILE *file = fopen(path, "w");
    if (!file) die("no ballast on the small disk");
    while (fwrite(block, 1, sizeof block, file) == sizeof block) continue;
    fclose(file);
}

static int64_t messages_of(const char *url)
{
    mt_store *store = ledger_open(url);
    int64_t n = ledger_messages(store);
    mt_store_close(store);
    return n;
}

/* Writes meet the end of the disk while `child` consumes. True: it waits; false: it has ended by itself. */
static bool meet_the_end(fault_child *child, const char *ballast)
{
    write_ballast(ballast);
    int64_t until = clock_ms() + 3000;
    while (clock_ms() < until && !child_ended(child)) sleep_ms(20);
    if (child->pid == 0 && !WIFEXITED(child->status)) die("a full disk crashed the consumer");
    return child->pid != 0;
}

static void fill_mounted(campaign *c, const char *disk)
{
    fault_feed feed;
    fault_child child;
    char url[120], ballast[120];
    snprintf(url, sizeof url, "duckdb:%s/store", disk);
    snprintf(ballast, sizeof ballast, "%s/ballast", disk);
    make_store(c, url);
    feed_open_file(&feed, c->dir, "disk");
    feed_add(&feed, 60000);
    const fault_task task = {.store = url, .stream = feed.url, .batch = 500, .point = -1, .end = true};
    start_consumer(c, &child, &task);
    sleep_ms(700);
    bool waits = meet_the_end(&child, ballast);
    unlink(ballast);
    if (!waits) start_consumer(c, &child, &task);
    child_wait(&child, FULL_MS);
    if (child.status != 0) die("after a full disk a consumer ended with status %d", child.status);
    int64_t n = messages_of(url);
    mt_store *store = ledger_open(url);
    close_books(
        c, waits ? "disk full, the consumer waited" : "disk full, the consumer ended and was started again",
        store, feed.n, feed.bytes);
    mt_store_close(store);
    if (n != feed.n) die("%lld of %lld messages", (long long)n, (long long)feed.n);
    feed_close(&feed);
}

void fill_the_disk(campaign *c)
{
    char disk[100], size[32];
    snprintf(disk, sizeof disk, "%s/disk", c->dir);
    snprintf(size, sizeof size, "size=%dm", DISK_MIB);
    if (mkdir(disk, 0755) != 0) die("no folder %s", disk);
    if (mount("tmpfs", disk, "tmpfs", 0, size) != 0) {
        printf("disk full: left out, no small disk can be mounted here (%s)\n", strerror(errno));
        return;
    }
    fill_mounted(c, disk);
    if (umount2(disk, MNT_DETACH) != 0) printf("the small disk %s stays mounted\n", disk);
}
