#include "config.h"

#include "common/address/hash.h"
#include "common/address/number_fields.h"
#include "common/backend.h"
#include "common/text.h"
#include "family/family.h"

#include <string.h>

/* AF_VSOCK, between a virtual machine and its host: (cid, port), both unsigned. Text:
 * "vsock:CID:PORT". */

#if PS__HAVE_VSOCK

static const struct sockaddr_vm *native(const ps_addr *a)
{
    return (const struct sockaddr_vm *)&a->storage;
}

int ps_addr_vsock(ps_addr *a, unsigned cid, unsigned port)
{
    struct sockaddr_vm *vm;

    if (!a)
        return PS_EFAULT;
    ps__addr_clear(a, AF_VSOCK, sizeof *vm);
    vm = (struct sockaddr_vm *)&a->storage;
    vm->svm_cid = cid;
    vm->svm_port = port;
    return 0;
}

int ps_addr_get_vsock(const ps_addr *a, unsigned *cid, unsigned *port)
{
    ps__put_unsigned(cid, 0);
    ps__put_unsigned(port, 0);
    if (!a)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_VSOCK || (size_t)a->len < sizeof(struct sockaddr_vm))
        return PS_BAD_FAMILY;
    ps__put_unsigned(cid, native(a)->svm_cid);
    ps__put_unsigned(port, native(a)->svm_port);
    return 0;
}

static int parse_vsock(ps_addr *a, const char *text)
{
    unsigned long fields[2];

    if (ps__fields_parse(text, fields, 2) != 2)
        return PS_BAD_ADDRESS;
    return ps_addr_vsock(a, (unsigned)fields[0], (unsigned)fields[1]);
}

static int format_vsock(const ps_addr *a, char *text, size_t size)
{
    unsigned long fields[] = {native(a)->svm_cid, native(a)->svm_port};
    char whole[64] = "vsock";
    char *end = ps__fields_format(whole + strlen(whole), fields, 2);

    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

/* The system's flags say how a connection came about, not where it goes. */
static bool equal_vsock(const ps_addr *a, const ps_addr *b)
{
    return native(a)->svm_cid == native(b)->svm_cid && native(a)->svm_port == native(b)->svm_port;
}

static uint64_t hash_vsock(const ps_addr *a, uint64_t hash)
{
    const uint32_t parts[] = {native(a)->svm_cid, native(a)->svm_port};

    return ps__hash_bytes(hash, parts, sizeof parts);
}

const ps__family ps__family_vsock = {
    .family = AF_VSOCK,
    .prefix = "vsock:",
    .length_min = sizeof(struct sockaddr_vm),
    .length_max = sizeof(struct sockaddr_vm),
    .parse = parse_vsock,
    .format = format_vsock,
    .equal = equal_vsock,
    .hash = hash_vsock,
};

#else

int ps_addr_vsock(ps_addr *a, unsigned cid, unsigned port)
{
    (void)cid;
    (void)port;
    return ps__family_absent(a);
}

int ps_addr_get_vsock(const ps_addr *a, unsigned *cid, unsigned *port)
{
    ps__put_unsigned(cid, 0);
    ps__put_unsigned(port, 0);
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}

const ps__family ps__family_vsock = {
    .family = PS__NO_FAMILY,
    .prefix = "vsock:",
    .parse = ps__family_parse_absent,
};

#endif
