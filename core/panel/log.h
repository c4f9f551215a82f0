/* SPDX-License-Identifier: BSD-3-Clause */
/* One log type per subsystem and plugin, on DPDK's log; --log-level changes its level.  A text is
 * in lower case, names the object, ends with the cause and has no newline.  [any], never
 * [worker] */
#ifndef LOG_H
#define LOG_H

#include <rte_log.h>
#include <stdarg.h>

/* Register `spp.<name>`, at NOTICE unless the command line says otherwise; returns the type.
 * [main] */
int log_register(const char *name);

/* Write one line to a type, `spp.<name>: <text>`; level is RTE_LOG_ERR and so on.  Control
 * characters of the text become `?`. */
void log_line(int type, unsigned int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void log_vline(int type, unsigned int level, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* The core's own type. */
extern int log_core;

#define log_err(...) log_line(log_core, RTE_LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_line(log_core, RTE_LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(log_core, RTE_LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(log_core, RTE_LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(log_core, RTE_LOG_DEBUG, __VA_ARGS__)

#endif
