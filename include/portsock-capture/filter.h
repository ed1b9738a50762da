/**
 * @file
 * Packet filters: programs of the classic Berkeley packet filter, as data.
 *
 * A program examines one packet and returns how many bytes of it to keep, 0 for none. `tcpdump
 * -ddd EXPRESSION` and `tcpdump -dd EXPRESSION` print such programs, and ps_filter_parse reads
 * them. A capture (capture.h) hands its program to the kernel where the kernel takes one;
 * ps_filter_run does the same in this process.
 *
 * No function here allocates. None calls the system, except to look up names of services and
 * protocols in an expression. Each may be called from any thread.
 */
#ifndef PORTSOCK_CAPTURE_FILTER_H
#define PORTSOCK_CAPTURE_FILTER_H

#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One instruction; the layout is that of Linux's struct sock_filter and BSD's struct bpf_insn.
 * Frozen.
 */
typedef struct ps_filter_instruction {
    uint16_t code;      /**< what it does */
    uint8_t jump_true;  /**< how many instructions to skip when a test is true */
    uint8_t jump_false; /**< how many to skip when it is false */
    uint32_t operand;   /**< a constant, an offset, or the distance of a jump */
} ps_filter_instruction;

/** The most instructions that a program may have: Linux's limit. */
#define PS_FILTER_MAX 4096

/**
 * Checks whether a program can be run: every instruction is known, every jump leads forward to an
 * instruction of the program, the scratch memory is used within its 16 words, no constant divisor
 * is 0, no constant shift is 32 or more, and the last instruction returns.
 *
 * @param program  the instructions
 * @param count    how many, 1 to PS_FILTER_MAX
 * @retval 0              it can
 * @retval PS_BAD_FILTER  it cannot
 * @retval PS_EFAULT      program is NULL with a count
 * @threadsafety Any thread.
 * @normalizes The kernels accept different programs. What is accepted here is accepted by Linux
 * and BSD, except for MOD and XOR, which old BSDs do not know, and Linux's special loads.
 * @since 0.1
 * @source S. McCanne, V. Jacobson, The BSD Packet Filter, 1993; Linux,
 * Documentation/networking/filter.rst; bpf(4).
 */
PS_CAPTURE_API int ps_filter_check(const ps_filter_instruction *program, size_t count);

/**
 * Runs a program on a packet. A run ends after at most `count` instructions, since jumps lead
 * forward, and never reads outside the packet.
 *
 * Linux's special loads (operands from 0xfffff000 on: protocol, packet type, VLAN tag) need the
 * kernel; a program that uses one returns 0 here. The one that asks whether there is a VLAN tag
 * outside the packet's bytes loads 0, since there is none.
 *
 * @param program          the instructions. A program that ps_filter_check refuses may be run,
 *                         too: it returns 0 at the mistake.
 * @param count            how many
 * @param buf              the packet as captured
 * @param n                its bytes
 * @param original_length  the packet's length on the wire, which the program sees as its length
 * @return the number of bytes to keep, which may be more than there are; 0: the packet does not
 * pass, also after a load from beyond `n`, a division by 0, a jump out of the program and an
 * unknown instruction.
 * @threadsafety Any thread.
 * @since 0.1
 * @source S. McCanne, V. Jacobson, The BSD Packet Filter, 1993; bpf(4).
 */
PS_CAPTURE_API uint32_t ps_filter_run(const ps_filter_instruction *program, size_t count,
                                      const void *buf, size_t n, size_t original_length);

/**
 * Reads a program from the text that `tcpdump -ddd` (decimal numbers) or `tcpdump -dd` (lines of
 * C) prints.
 *
 * @param text     "4\\n40 0 0 12\\n21 0 1 2048\\n6 0 0 262144\\n6 0 0 0\\n" or "{ 0x28, 0, 0,
 *                 0x0000000c },\\n{ 0x15, 0, 1, 0x00000800 },\\n..."; commas and semicolons may
 *                 stand for line ends, as in "4,40 0 0 12,21 0 1 2048,6 0 0 262144,6 0 0 0"
 * @param program  becomes the instructions
 * @param count    *count is how many fit in program, then the number of instructions; 0 on
 *                 failure
 * @retval 0              the program is read
 * @retval PS_BAD_FILTER  a text of another form, or a program that ps_filter_check refuses
 * @retval PS_BAD_LENGTH  there are more instructions than fit
 * @retval PS_EFAULT      a pointer is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source tcpdump(1), -dd and -ddd.
 */
PS_CAPTURE_API int ps_filter_parse(const char *text, ps_filter_instruction *program, size_t *count);

/**
 * Compiles an expression in tcpdump's language: "tcp port 80 and not host 192.0.2.1".
 *
 * Primitives:
 *   - [ip|ip6|arp|rarp|ether] [src|dst|src or dst|src and dst] [host] ADDRESS
 *   - [ip|ip6|arp|rarp] [src|dst|...] net 192.0.2.0/24, net 192.0.2, net 192.0.2.0 mask
 *     255.255.255.0
 *   - [tcp|udp|sctp] [src|dst|...] port NUMBER or SERVICE, portrange 1-1024
 *   - ip, ip6, arp, rarp, tcp, udp, sctp, icmp, icmp6, igmp, pim, vrrp, ah, esp
 *   - [ip|ip6|ether] proto NUMBER or NAME
 *   - [ether] broadcast, [ether|ip|ip6] multicast; less LENGTH, greater LENGTH; vlan [NUMBER]
 *
 * joined by "and" or "&&", "or" or "||", which have equal precedence and group from the left;
 * "not" or "!", which has higher precedence; and parentheses. A value without a qualifier takes
 * those before it: "port 80 or 443", "host (192.0.2.1 or 192.0.2.2)". Primitives after "vlan"
 * apply to what follows the tag. Addresses are numeric; names of services and protocols are those
 * of ps_getservbyname and ps_getprotobyname.
 *
 * As in tcpdump, ports are found in IPv6 only directly after its header, and not in a later
 * fragment. Unlike in tcpdump, "broadcast" and "multicast" on links without Ethernet test IP's
 * addresses. A VLAN tag is found in the packet, and where Linux has removed it; BSD kernels let
 * no packet pass a program with "vlan".
 *
 * @param expression    NULL and "": every packet passes
 * @param link_type     PS_LINK_* of the capture, on which the offsets in the program depend
 * @param program       becomes the instructions
 * @param count         *count is how many fit in program, then the number of instructions; 0 on
 *                      failure
 * @param error_offset  on failure, the offset in bytes of the first error in the expression;
 *                      strlen(expression) for an error at its end; 0 when the expression can
 *                      match no packet of the link type, as "arp" on PS_LINK_RAW; may be NULL
 * @retval 0              the expression is compiled
 * @retval PS_BAD_FILTER  it is wrong at error_offset
 * @retval PS_BAD_LENGTH  there are more instructions than fit
 * @retval PS_EOPNOTSUPP  another link type
 * @retval PS_EFAULT      program or count is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source libpcap, pcap-filter(7).
 */
PS_CAPTURE_API int ps_filter_compile(const char *expression, int link_type,
                                     ps_filter_instruction *program, size_t *count,
                                     size_t *error_offset);

#ifdef __cplusplus
}
#endif

#endif
