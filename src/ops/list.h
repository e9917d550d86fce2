/* Every operation: one line each, in the order of help and reference.
 *
 * Shapes    X(symbol of the entry). The entry itself stands in NOUN_ops.c.
 */
#ifndef MT_OPS_LIST_H
#define MT_OPS_LIST_H

#define MT_OP_LIST(X)              \
    X(mt_op_data_simulate)         \
    X(mt_op_calendar_periods)      \
    X(mt_op_calendar_holidays)

#endif
