/* The topic of dead letters, read back: each one must be there at least once. */
#ifndef MERIT_FAULTS_LETTERS_H
#define MERIT_FAULTS_LETTERS_H

#include <stdint.h>

/* How many letters of messages 0 … n - 1 are missing; *sent: how many there are. */
int64_t letters_missing(int64_t *sent, const char *url, const char *topic, int64_t n);

#endif
