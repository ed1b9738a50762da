/* The texts of addresses in packets: those of ps_inet_ntop, written where the line goes on. */
#ifndef PS_CAPTURE_ADDRESS_TEXT_H
#define PS_CAPTURE_ADDRESS_TEXT_H

/* What the longest texts need, and one character behind them. */
enum { PS__INET_TEXT = 16, PS__INET6_TEXT = 46 };

/* Each writes a text without a NUL, and perhaps one character behind it. Returns the text's end. */
char *ps__write_inet(const unsigned char address[4], char *to);
char *ps__write_inet6(const unsigned char address[16], char *to);

#endif
