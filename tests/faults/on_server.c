/* A broker's topic into PostgreSQL: consumers of one group are killed, the broker goes, the server stops. */
#include "faults/campaign.h"

#include "faults/feed.h"
#include "faults/letters.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMBERS = 2, PARTS = 4, BATCH = 40, BEHIND = 800, CATCH_UP_MS = 120000, END_MS = 30000 };
enum { STALL_MS = 45000, SECOND_CHANCES = 3 };

#define TOPIC   "readings"
#define LETTERS "dead_letters"

struct group_kind;

/* The stage of one mode. */
typedef struct stage {
    campaign *c;
    fault_server server;
    fault_broker broker;
    fault_feed feed;
    mt_store *books; /* the campaign's own connection */
    const struct group_kind *kind;
    char settings[100], url[256];
} stage;

/* How a broker can be treated. The mock loses a group whose members join while it still waits for a dead one,
   so there one member lives on and the next one to die starts when the last one has been missed. */
typedef struct group_kind {
    const char *name;
    int doomed;
    bool steadfast;
    int64_t session_ms, pause_ms, anywhere_ms;
} group_kind;

static const group_kind mock_group = {"the mock broker", 1, true, 3500, 5000, 4000};
static const group_kind real_group = {"a real broker", MEMBERS, false, 1500, 0, 4000};

/* A dead member is missed after a few seconds instead of 45; the mock wants more than three. */
static void write_settings(stage *s)
{
    snprintf(s->settings, sizeof s->settings, "%s/settings", s->c->dir);
    FILE *file = fopen(s->settings, "w");
    if (!file) die("no file %s", s->settings);
    fprintf(file,
            "session.timeout.ms=%lld\nheartbeat.interval.ms=200\nfetch.wait.max.ms=50\n"
            "reconnect.backoff.ms=20\nreconnect.backoff.max.ms=200\ntopic.metadata.refresh.interval.ms=500\n",
            (long long)s->kind->session_ms);
    fclose(file);
}

static void open_server(stage *s, campaign *c)
{
    *s = (stage){.c = c};
    server_make(&s->server, c->dir);
    make_store(c, s->server.url);
    s->books = ledger_open(s->server.url);
}

static void open_mock(stage *s)
{
    char topic[40];
    s->kind = &mock_group;
    broker_start(&s->broker, s->c->broker, 3);
    snprintf(s->url, sizeof s->url, "%s", s->broker.url);
    snprintf(topic, sizeof topic, "topic " TOPIC " %d", PARTS);
    broker_tell(&s->broker, topic);
    broker_tell(&s->broker, "topic " LETTERS " 1");
    write_settings(s);
    feed_open_topic(&s->feed, s->url, TOPIC);
}

/* It makes topics of PARTS partitions by itself. */
static void open_real(stage *s)
{
    s->kind = &real_group;
    snprintf(s->url, sizeof s->url, "kafka://%s", s->c->kafka);
    write_settings(s);
    feed_open_topic(&s->feed, s->url, TOPIC);
}

/* The server's folder is the next mode's. */
static void close_stage(stage *s)
{
    char gone[120];
    mt_store_close(s->books);
    feed_close(&s->feed);
    if (s->broker.pid) broker_stop(&s->broker);
    server_stop(&s->server);
    snprintf(gone, sizeof gone, "%s-%lld", s->server.dir, (long long)clock_ms());
    if (rename(s->server.dir, gone) != 0) die("%s stays", s->server.dir);
}

static void start_member(const stage *s, fault_child *child, int point, long count)
{
    const fault_task task = {.store = s->server.url,
                             .stream = s->feed.url,
                             .topic = s->feed.topic,
                             .dead = s->kind ? LETTERS : NULL,
                             .settings = s->kind ? s->settings : NULL,
                             .point = point,
                             .count = count,
                             .batch = BATCH};
    start_consumer(s->c, child, &task);
}

static void catch_up(stage *s)
{
    int64_t until = clock_ms() + CATCH_UP_MS;
    while (ledger_messages(s->books) < s->feed.n) {
        if (clock_ms() > until)
            die("after %d s %lld of %lld messages are stored, see %s", CATCH_UP_MS / 1000,
                (long long)ledger_messages(s->books), (long long)s->feed.n, s->c->log);
        sleep_ms(50);
    }
}

/* The topic has each at least once; a kill between its answer and the commit sends one again. */
static void check_letters(stage *s)
{
    int64_t sent, missing = letters_missing(&sent, s->url, LETTERS, s->feed.n);
    printf("  dead letters on their topic: %lld sent, missing %lld\n", (long long)sent, (long long)missing);
    s->c->lost += missing;
}

/* --- killed in a group ------------------------------------------------------------------------------- */

/* A member that will die at its point, or at `end_ms`. */
typedef struct doomed {
    fault_child child;
    int point;
    int64_t end_ms;   /* 0: it sees to it itself */
    int64_t start_ms; /* while none runs: when it may */
} doomed;

typedef struct group {
    doomed member[MEMBERS];
    fault_child steadfast;
    long killed, chances;
    int64_t last_ms; /* of the last kill */
} group;

static void start_doomed(stage *s, doomed *member)
{
    member->point = draw_point(s->c);
    start_member(s, &member->child, member->point, 1 + (long)draw(s->c, 3));
    member->end_ms =
        member->point == ANYWHERE ? clock_ms() + (int64_t)draw(s->c, (uint64_t)s->kind->anywhere_ms) : 0;
}

/* True: it has died. */
static bool look_at(campaign *c, doomed *member)
{
    bool ended = child_ended(&member->child);
    if (!ended && member->end_ms && clock_ms() > member->end_ms) {
        child_end(&member->child);
        ended = true;
    }
    if (!ended) return false;
    if (!child_killed(&member->child)) die("a consumer ended with status %d", member->child.status);
    c->killed[member->point]++;
    return true;
}

static void visit(stage *s, group *g, doomed *member)
{
    if (!member->child.pid) {
        if (clock_ms() >= member->start_ms) start_doomed(s, member);
        return;
    }
    if (!look_at(s->c, member)) return;
    g->killed++;
    g->last_ms = clock_ms();
    member->start_ms = g->last_ms + s->kind->pause_ms;
}

static void end_members(stage *s, group *g)
{
    for (int k = 0; k < s->kind->doomed; k++) {
        if (g->member[k].child.pid) child_end(&g->member[k].child);
    }
    if (g->steadfast.pid) child_end(&g->steadfast);
}

/* A group that nobody serves any more is ended to the last member and begun again: said and counted. */
static void begin_again(stage *s, group *g)
{
    if (++g->chances > SECOND_CHANCES) die("the group at %s stands still, see %s", s->kind->name, s->c->log);
    printf("  the group at %s stood still for %d s after %ld kills: all its members are started again\n",
           s->kind->name, STALL_MS / 1000, g->killed);
    end_members(s, g);
    sleep_ms(3 * s->kind->session_ms);
    if (s->kind->steadfast) start_member(s, &g->steadfast, -1, 0);
    g->last_ms = clock_ms();
}

static void kill_members(stage *s, group *g, long kills)
{
    g->last_ms = clock_ms();
    if (s->kind->steadfast) start_member(s, &g->steadfast, -1, 0);
    for (; g->killed < kills; sleep_ms(20)) {
        if (s->feed.n - ledger_messages(s->books) < BEHIND) feed_add(&s->feed, 100);
        for (int k = 0; k < s->kind->doomed && g->killed < kills; k++) visit(s, g, &g->member[k]);
        if (clock_ms() - g->last_ms > STALL_MS) begin_again(s, g);
    }
    end_members(s, g);
}

void kill_in_a_group(campaign *c, long kills)
{
    stage s;
    group g = {.killed = 0};
    fault_child last;
    char what[100];
    open_server(&s, c);
    if (c->kafka)
        open_real(&s);
    else
        open_mock(&s);
    kill_members(&s, &g, kills);
    start_member(&s, &last, -1, 0);
    catch_up(&s);
    child_stop(&last, END_MS);
    snprintf(what, sizeof what, "group of two at %s into PostgreSQL, %ld kills", s.kind->name, kills);
    close_books(c, what, s.books, s.feed.n, s.feed.n);
    check_letters(&s);
    close_stage(&s);
}

/* --- a broker that goes ------------------------------------------------------------------------------ */

static void trouble_once(stage *s)
{
    char command[60];
    feed_add(&s->feed, 300);
    if (draw(s->c, 2)) {
        snprintf(command, sizeof command, "leader " TOPIC " %d %d", (int)draw(s->c, PARTS),
                 1 + (int)draw(s->c, 3));
        broker_tell(&s->broker, command);
    } else {
        int id = (int)draw(s->c, 4); /* 0: all of them */
        snprintf(command, sizeof command, "down %d", id);
        broker_tell(&s->broker, command);
        sleep_ms(100 + (int64_t)draw(s->c, 400));
        snprintf(command, sizeof command, "up %d", id);
        broker_tell(&s->broker, command);
    }
    sleep_ms((int64_t)draw(s->c, 300));
}

void trouble_the_broker(campaign *c, long rounds)
{
    stage s;
    fault_child member;
    char what[80];
    open_server(&s, c);
    open_mock(&s);
    start_member(&s, &member, -1, 0);
    for (long k = 0; k < rounds; k++) trouble_once(&s);
    catch_up(&s);
    child_stop(&member, END_MS);
    snprintf(what, sizeof what, "broker away or led elsewhere %ld times", rounds);
    close_books(c, what, s.books, s.feed.n, s.feed.n);
    check_letters(&s);
    close_stage(&s);
}

/* --- a server that stops ----------------------------------------------------------------------------- */

static void stop_once(stage *s)
{
    feed_add(&s->feed, 400);
    sleep_ms((int64_t)draw(s->c, 60)); /* while they are written */
    server_stop(&s->server);
    sleep_ms((int64_t)draw(s->c, 100));
    server_start(&s->server);
    sleep_ms((int64_t)draw(s->c, 150));
}

/* How often the consumer that ended last had to try again, as it said itself. */
static long tries_again(const campaign *c)
{
    char line[400];
    long retries = 0;
    FILE *file = fopen(c->log, "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *at = strstr(line, " retries ");
        if (at) retries = strtol(at + 9, NULL, 10);
    }
    if (file) fclose(file);
    return retries;
}

void stop_the_server(campaign *c, long stops)
{
    stage s;
    fault_child member;
    char what[80];
    open_server(&s, c);
    feed_open_file(&s.feed, c->dir, "stopped");
    start_member(&s, &member, -1, 0);
    feed_add(&s.feed, 100);
    catch_up(&s); /* it has begun */
    for (long k = 0; k < stops; k++) {
        stop_once(&s);
        if (child_ended(&member)) die("the consumer did not outlive stop %ld, see %s", k + 1, c->log);
    }
    mt_store_close(s.books);
    s.books = ledger_open(s.server.url);
    catch_up(&s);
    child_stop(&member, END_MS);
    snprintf(what, sizeof what, "PostgreSQL stopped at once %ld times, one consumer, %ld tries again", stops,
             tries_again(c));
    close_books(c, what, s.books, s.feed.n, s.feed.bytes);
    close_stage(&s);
}
