/* The fault campaign's own: its settings, its count of kills, its modes.
 *
 * Purpose   campaign [seed=N] [kills=N] [stops=N] [only=WORD] [kafka=HOST:PORT] runs the modes one after
 *           another, prints what happened and what was lost or stood twice, and ends with status 0 only if
 *           that is nothing. The seed of a run is printed; the same seed kills at the same points again.
 */
#ifndef MERIT_FAULTS_CAMPAIGN_H
#define MERIT_FAULTS_CAMPAIGN_H

#include "faults/ledger.h"
#include "faults/process.h"

/* Where a consumer kills itself; the last is no point: the campaign kills it at a random moment. */
enum { REBALANCE = 3, ANYWHERE, POINTS };
extern const char *const point_name[POINTS];

typedef struct campaign {
    char dir[64];
    char consumer[300], broker[300], log[100];
    uint64_t random;
    long kills, stops;
    const char *only;  /* NULL: every mode */
    const char *kafka; /* a real broker for the group's kills; NULL: the mock */
    long killed[POINTS];
    int64_t lost, twice, wrong;
} campaign;

/* One consumer to be started: what differs from run to run. */
typedef struct fault_task {
    const char *store, *stream, *settings;
    const char *topic, *dead; /* NULL: of a file */
    int point;                /* -1: it does not kill itself */
    long count, batch;
    bool end;
} fault_task;

uint64_t draw(campaign *c, uint64_t below);
int draw_point(campaign *c); /* one of those met least often so far */
void start_consumer(const campaign *c, fault_child *child, const fault_task *task);
void make_store(const campaign *c, const char *url);

/* The whole ledger after n messages; prints the line that begins with `what`. */
void close_books(campaign *c, const char *what, mt_store *store, int64_t n, int64_t positions);

void kill_on_a_file(campaign *c, long kills);
void kill_in_a_group(campaign *c, long kills);
void trouble_the_broker(campaign *c, long rounds);
void stop_the_server(campaign *c, long stops);
void fill_the_disk(campaign *c);

#endif
