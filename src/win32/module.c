#include "backend.h"

void ps__sys_stay_mapped(void)
{
    static const char here;
    HMODULE module;

    (void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                             (const wchar_t *)(uintptr_t)&here, &module);
}
