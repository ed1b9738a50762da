/* Services and protocols by name: the system's databases first, then the usual ones, which need
 * no database. "http" is a service and "HTTP" is none, also where the system takes no notice of
 * capitals. */
#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <string.h>

/* Longer than any service's name: IANA's have 15 characters. */
#define NAME_SIZE 256

enum { TCP = 1, UDP = 2 };

typedef struct service {
    int port;
    int protocols;
    const char *name;
    const char *alias;
} service;

/* From IANA's registry, and the aliases that systems commonly have. */
static const service services[] = {
    {7, TCP | UDP, "echo", NULL},
    {9, TCP | UDP, "discard", "sink"},
    {13, TCP | UDP, "daytime", NULL},
    {17, TCP | UDP, "qotd", "quote"},
    {19, TCP | UDP, "chargen", "ttytst"},
    {20, TCP, "ftp-data", NULL},
    {21, TCP, "ftp", NULL},
    {22, TCP, "ssh", NULL},
    {23, TCP, "telnet", NULL},
    {25, TCP, "smtp", "mail"},
    {37, TCP | UDP, "time", "timserver"},
    {43, TCP, "whois", "nicname"},
    {53, TCP | UDP, "domain", NULL},
    {67, UDP, "bootps", "dhcps"},
    {68, UDP, "bootpc", "dhcpc"},
    {69, UDP, "tftp", NULL},
    {70, TCP, "gopher", NULL},
    {79, TCP, "finger", NULL},
    {80, TCP, "http", "www"},
    {88, TCP | UDP, "kerberos", "kerberos-sec"},
    {110, TCP, "pop3", "pop-3"},
    {111, TCP | UDP, "sunrpc", "portmapper"},
    {113, TCP, "auth", "ident"},
    {119, TCP, "nntp", "usenet"},
    {123, UDP, "ntp", NULL},
    {137, UDP, "netbios-ns", NULL},
    {138, UDP, "netbios-dgm", NULL},
    {139, TCP, "netbios-ssn", NULL},
    {143, TCP, "imap", "imap2"},
    {161, TCP | UDP, "snmp", NULL},
    {162, TCP | UDP, "snmptrap", "snmp-trap"},
    {179, TCP, "bgp", NULL},
    {194, TCP | UDP, "irc", NULL},
    {389, TCP | UDP, "ldap", NULL},
    {443, TCP | UDP, "https", NULL},
    {445, TCP, "microsoft-ds", NULL},
    {465, TCP, "submissions", "smtps"},
    {514, UDP, "syslog", NULL},
    {515, TCP, "printer", "spooler"},
    {546, UDP, "dhcpv6-client", NULL},
    {547, UDP, "dhcpv6-server", NULL},
    {587, TCP, "submission", NULL},
    {631, TCP | UDP, "ipp", NULL},
    {636, TCP, "ldaps", NULL},
    {853, TCP | UDP, "domain-s", NULL},
    {993, TCP, "imaps", NULL},
    {995, TCP, "pop3s", NULL},
    {1080, TCP, "socks", NULL},
    {2049, TCP | UDP, "nfs", NULL},
    {3306, TCP, "mysql", NULL},
    {3389, TCP | UDP, "ms-wbt-server", NULL},
    {5060, TCP | UDP, "sip", NULL},
    {5432, TCP, "postgresql", "postgres"},
    {8080, TCP, "http-alt", "webcache"},
};

typedef struct protocol {
    int number;
    const char *name;
    const char *alias;
} protocol;

/* Every protocol that has an alias with capitals is here, since such an alias is looked up nowhere
 * else. */
static const protocol protocols[] = {
    {0, "ip", "IP"},
    {0, "hopopt", "HOPOPT"},
    {1, "icmp", "ICMP"},
    {2, "igmp", "IGMP"},
    {3, "ggp", "GGP"},
    {4, "ipencap", "IP-ENCAP"},
    {6, "tcp", "TCP"},
    {8, "egp", "EGP"},
    {12, "pup", "PUP"},
    {17, "udp", "UDP"},
    {20, "hmp", "HMP"},
    {22, "xns-idp", "XNS-IDP"},
    {27, "rdp", "RDP"},
    {33, "dccp", "DCCP"},
    {41, "ipv6", "IPv6"},
    {43, "ipv6-route", "IPv6-Route"},
    {44, "ipv6-frag", "IPv6-Frag"},
    {46, "rsvp", "RSVP"},
    {47, "gre", "GRE"},
    {50, "esp", "IPSEC-ESP"},
    {51, "ah", "IPSEC-AH"},
    {58, "ipv6-icmp", "IPv6-ICMP"},
    {59, "ipv6-nonxt", "IPv6-NoNxt"},
    {60, "ipv6-opts", "IPv6-Opts"},
    {89, "ospf", "OSPFIGP"},
    {94, "ipip", "IPIP"},
    {103, "pim", "PIM"},
    {108, "ipcomp", "IPCOMP"},
    {112, "vrrp", "VRRP"},
    {115, "l2tp", "L2TP"},
    {132, "sctp", "SCTP"},
    {136, "udplite", "UDPLite"},
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static bool has_capital(const char *text)
{
    return strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
}

static bool is_named(const char *text, const char *name, const char *alias)
{
    return strcmp(text, name) == 0 || (alias && strcmp(text, alias) == 0);
}

static bool is_of(const service *s, const char *proto)
{
    if (!proto)
        return true;
    return (strcmp(proto, "tcp") == 0 && (s->protocols & TCP)) ||
           (strcmp(proto, "udp") == 0 && (s->protocols & UDP));
}

/* The system's answer. A name with capitals must be the very name of the service at that port. */
static int ask_for_port(const char *name, const char *proto, int *port)
{
    char official[NAME_SIZE];
    int code = ps__sys_service_port(name, proto, port);

    if (code != 0 || !has_capital(name))
        return code;
    code = ps__sys_service_name(*port, proto, official, sizeof official);
    return code == 0 && strcmp(official, name) == 0 ? 0 : PS_NO_SERVICE;
}

static int find_port(const char *name, const char *proto, int *port)
{
    int code;

    if (proto && has_capital(proto))
        return PS_NO_SERVICE;
    code = ask_for_port(name, proto, port);
    for (size_t i = 0; code != 0 && i < COUNT(services); i++) {
        if (is_of(&services[i], proto) && is_named(name, services[i].name, services[i].alias)) {
            *port = services[i].port;
            code = 0;
        }
    }
    return code;
}

/* `size` is not 0. */
static int find_service(int port, const char *proto, char *name, size_t size)
{
    int code;

    if (proto && has_capital(proto))
        return PS_NO_SERVICE;
    code = ps__sys_service_name(port, proto, name, size);
    if (code == 0 || code == PS_BAD_LENGTH)
        return code;
    for (size_t i = 0; i < COUNT(services); i++) {
        if (services[i].port == port && is_of(&services[i], proto))
            return ps__text_copy(name, size, services[i].name, strlen(services[i].name));
    }
    return code;
}

static int find_protocol(const char *name, int *proto)
{
    int code = has_capital(name) ? PS_NO_PROTOCOL : ps__sys_protocol(name, proto);

    for (size_t i = 0; code != 0 && i < COUNT(protocols); i++) {
        if (is_named(name, protocols[i].name, protocols[i].alias)) {
            *proto = protocols[i].number;
            code = 0;
        }
    }
    return code;
}

int ps_getservbyname(const char *name, const char *proto, int *port)
{
    int code;

    if (!port)
        return PS_EFAULT;
    *port = 0;
    if (!name)
        return PS_EFAULT;
    code = find_port(name, proto, port);
    if (code != 0)
        *port = 0;
    return code;
}

int ps_getservbyport(int port, const char *proto, char *buf, size_t n)
{
    int code;

    if (!buf)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    if (port < 0 || port > 65535)
        return PS_BAD_PORT;
    code = n > 0 ? find_service(port, proto, buf, n) : PS_BAD_LENGTH;
    if (code != 0 && n > 0)
        *buf = '\0';
    return code;
}

int ps_getprotobyname(const char *name, int *proto)
{
    int code;

    if (!proto)
        return PS_EFAULT;
    *proto = 0;
    if (!name)
        return PS_EFAULT;
    code = find_protocol(name, proto);
    if (code != 0)
        *proto = 0;
    return code;
}
