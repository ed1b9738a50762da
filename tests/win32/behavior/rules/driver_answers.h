/* What tests ask the rule of the driver's answers. */
#ifndef TESTS_WIN32_DRIVER_ANSWERS_H
#define TESTS_WIN32_DRIVER_ANSWERS_H

/* From now on the driver refuses to poll, with a status of NT; 0: no more. */
void refuse_polls(long status);

#endif
