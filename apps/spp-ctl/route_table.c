/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of REST routes. */
#include <stddef.h>

#include "route_flow.h"
#include "route_generic.h"
#include "route_launch.h"
#include "route_list.h"
#include "route_nfv.h"
#include "route_primary.h"
#include "route_restore.h"
#include "route_status.h"
#include "route_table.h"
#include "route_vf.h"

#define FLOW "/v1/primary/flow_rules"
#define FLOW_PORT FLOW "/port_id/{port_id}"
/* A command without, and with, a request body. */
#define COMMAND(fn) .command = (fn)
#define BODY(fn) .has_body = true, .command = (fn)

/* clang-format off */
const struct route route_table[] = {
	{"GET", "/v1/processes", PROC_NONE, .handle = list_processes},
	{"GET", "/v1/cpu_usage", PROC_NONE, .handle = list_cpu_usage},
	{"GET", "/v1/cpu_layout", PROC_NONE, .handle = list_cpu_layout},
	{"GET", "/v1/openapi.json", PROC_NONE, .handle = list_openapi},

	{"GET", "/v1/vfs/{id}", PROC_VF, .handle = status_show, .answer = vf_answer_status,
	 .shows_restore = true},
	{"DELETE", "/v1/vfs/{id}", PROC_VF, COMMAND(generic_exit), .ends_process = true},
	{"POST", "/v1/vfs/{id}/components", PROC_VF, BODY(vf_component_start)},
	{"DELETE", "/v1/vfs/{id}/components/{name}", PROC_VF, COMMAND(vf_component_stop)},
	{"PUT", "/v1/vfs/{id}/components/{name}/ports", PROC_VF, BODY(vf_ports)},
	{"PUT", "/v1/vfs/{id}/classifier_table", PROC_VF, BODY(vf_classifier_table)},
	{"GET", "/v1/vfs/{id}/verbs", PROC_VF, COMMAND(generic_verbs), .answer = generic_answer_verbs},
	{"POST", "/v1/vfs/{id}/commands", PROC_VF, BODY(generic_commands), .answer = generic_answer_reply,
	 .any_command = true},
	{"GET", "/v1/vfs/{id}/restore", PROC_VF, .handle = restore_show},
	{"POST", "/v1/vfs/{id}/restore", PROC_VF, .handle = restore_again},

	{"GET", "/v1/mirrors/{id}", PROC_MIRROR, COMMAND(generic_status), .answer = mirror_answer_status,
	 .shows_restore = true},
	{"DELETE", "/v1/mirrors/{id}", PROC_MIRROR, COMMAND(generic_exit), .ends_process = true},
	{"POST", "/v1/mirrors/{id}/components", PROC_MIRROR, BODY(mirror_component_start)},
	{"DELETE", "/v1/mirrors/{id}/components/{name}", PROC_MIRROR, COMMAND(vf_component_stop)},
	{"PUT", "/v1/mirrors/{id}/components/{name}/ports", PROC_MIRROR, BODY(mirror_ports)},
	{"GET", "/v1/mirrors/{id}/restore", PROC_MIRROR, .handle = restore_show},
	{"POST", "/v1/mirrors/{id}/restore", PROC_MIRROR, .handle = restore_again},

	{"GET", "/v1/nfvs/{id}", PROC_NFV, COMMAND(generic_status), .answer = generic_answer_reply},
	{"DELETE", "/v1/nfvs/{id}", PROC_NFV, COMMAND(generic_exit), .ends_process = true},
	{"PUT", "/v1/nfvs/{id}/forward", PROC_NFV, BODY(nfv_forward)},
	{"PUT", "/v1/nfvs/{id}/ports", PROC_NFV, BODY(nfv_ports)},
	{"PUT", "/v1/nfvs/{id}/patches", PROC_NFV, BODY(nfv_patches)},
	{"DELETE", "/v1/nfvs/{id}/patches", PROC_NFV, COMMAND(nfv_patches_reset)},

	{"GET", "/v1/pcaps/{id}", PROC_PCAP, COMMAND(generic_status), .answer = pcap_answer_status},
	{"DELETE", "/v1/pcaps/{id}", PROC_PCAP, COMMAND(generic_exit), .ends_process = true},
	{"PUT", "/v1/pcaps/{id}/capture", PROC_PCAP, BODY(pcap_capture)},

	{"DELETE", "/v1/primary", PROC_PRIMARY, COMMAND(generic_exit), .ends_process = true},
	{"GET", "/v1/primary/status", PROC_PRIMARY, COMMAND(generic_status), .answer = generic_answer_reply},
	{"DELETE", "/v1/primary/status", PROC_PRIMARY, COMMAND(primary_clear)},
	{"PUT", "/v1/primary/forward", PROC_PRIMARY, BODY(nfv_forward)},
	{"PUT", "/v1/primary/ports", PROC_PRIMARY, BODY(primary_ports)},
	{"PUT", "/v1/primary/patches", PROC_PRIMARY, BODY(nfv_patches)},
	{"DELETE", "/v1/primary/patches", PROC_PRIMARY, COMMAND(nfv_patches_reset)},
	{"PUT", "/v1/primary/launch", PROC_PRIMARY, BODY(primary_launch)},
	{"POST", FLOW_PORT "/validate", PROC_PRIMARY, BODY(flow_validate), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"POST", FLOW_PORT, PROC_PRIMARY, BODY(flow_create), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"DELETE", FLOW_PORT, PROC_PRIMARY, COMMAND(flow_destroy), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"DELETE", FLOW "/{rule_id}/port_id/{port_id}", PROC_PRIMARY, COMMAND(flow_destroy),
	 .answer = generic_answer_reply, .errors_are_data = true},
	{.method = NULL},
};
/* clang-format on */
