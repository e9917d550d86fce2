/* Arguments of an operation, from texts into its struct. */
#include "base/op.h"

#include <string.h>

static mt_code refuse_unknown(mt_ctx *cx, const mt_op *op, const char *name)
{
    size_t n = mt_field_count(op->arg);
    const char **known;
    MT_TRY(MT_NEW(cx, &known, n + 1));
    for (size_t k = 0; k < n; k++) known[k] = op->arg[k].name;
    int nearest = mt_text_nearest(name, known, n);
    if (nearest >= 0) {
        return mt_fail(cx, MT_E_INPUT, "%s has no argument \"%s\"; did you mean \"%s\"?", op->name, name,
                       known[nearest]);
    }
    return mt_fail(cx, MT_E_INPUT, "%s has no argument \"%s\"", op->name, name);
}

/* Every given text of the field, in order. */
static mt_code set_inputs(mt_ctx *cx, const mt_field *field, mt_inputs *out, const mt_given *given, size_t n,
                          const mt_opener *opener)
{
    mt_input *input;
    MT_TRY(MT_NEW(cx, &input, n + 1));
    *out = (mt_inputs){input, 0};
    for (size_t k = 0; k < n; k++) {
        if (strcmp(given[k].name, field->name) != 0) continue;
        if (!opener) return mt_fail(cx, MT_E_DENIED, "%s: files cannot be given here", field->name);
        MT_TRY(opener->input(cx, opener->arg, &input[out->n++], given[k].value));
    }
    return MT_OK;
}

static mt_code set_argument(mt_ctx *cx, const mt_field *field, void *args, const char *text,
                            const mt_opener *opener)
{
    char *member = (char *)args + field->offset;
    if (field->type != MT_INPUT && field->type != MT_OUTPUT) return mt_field_set(cx, field, args, text);
    if (!opener) return mt_fail(cx, MT_E_DENIED, "%s: files cannot be given here", field->name);
    if (field->type == MT_INPUT) return opener->input(cx, opener->arg, (mt_input *)(void *)member, text);
    return opener->output(cx, opener->arg, (mt_output *)(void *)member, text);
}

/* The text given for a field, NULL when none; MT_E_INPUT when it was given twice. */
static mt_code find_given(mt_ctx *cx, const mt_op *op, const mt_field *field, const mt_given *given, size_t n,
                          const char **out)
{
    *out = NULL;
    for (size_t k = 0; k < n; k++) {
        if (strcmp(given[k].name, field->name) != 0) continue;
        if (*out) return mt_fail(cx, MT_E_INPUT, "%s: argument \"%s\" is given twice", op->name, field->name);
        *out = given[k].value;
    }
    return MT_OK;
}

/* "price_rule" as people type it: "price-rule". */
static mt_code type_name(mt_ctx *cx, const char **out, const char *name)
{
    MT_TRY(mt_text_copy(cx, out, mt_text_of(name)));
    for (char *c = (char *)(uintptr_t)*out; *c; c++) *c = *c == '_' ? '-' : *c;
    return MT_OK;
}

static mt_code refuse_missing(mt_ctx *cx, const mt_op *op, const mt_field *field)
{
    const char *typed;
    MT_TRY(type_name(cx, &typed, field->name));
    return mt_fail(cx, MT_E_INPUT, "%s needs --%s (%s), e.g. %s", op->name, typed, field->doc, op->example);
}

static mt_code fill_argument(mt_ctx *cx, const mt_op *op, const mt_field *field, void *args,
                             const mt_given *given, size_t n, const mt_opener *opener)
{
    const char *text;
    if (field->type == MT_INPUTS) {
        mt_inputs *inputs = (mt_inputs *)(void *)((char *)args + field->offset);
        MT_TRY(set_inputs(cx, field, inputs, given, n, opener));
        return inputs->n || !field->required ? MT_OK : refuse_missing(cx, op, field);
    }
    MT_TRY(find_given(cx, op, field, given, n, &text));
    if (!text) text = field->fallback;
    if (text) return set_argument(cx, field, args, text, opener);
    if (!field->required) return MT_OK;
    return refuse_missing(cx, op, field);
}

mt_code mt_op_args(mt_ctx *cx, const mt_op *op, const mt_given *given, size_t n, const mt_opener *opener,
                   void **out)
{
    char *args;
    MT_TRY(MT_NEW(cx, &args, op->args_size + 1));
    mt_field_clear(op->arg, args);
    for (size_t k = 0; k < n; k++) {
        if (!mt_field_find(op->arg, given[k].name)) return refuse_unknown(cx, op, given[k].name);
    }
    for (const mt_field *field = op->arg; field && field->name; field++) {
        MT_TRY(fill_argument(cx, op, field, args, given, n, opener));
    }
    *out = args;
    return MT_OK;
}
