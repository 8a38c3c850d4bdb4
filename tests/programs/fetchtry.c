/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fetches one document as pam-jwt does, and prints what came of it.
 *
 *     fetchtry [-u USER] [-c CA] [-C CERT -K KEY] [-e ETAG] [-m LAST-MODIFIED] [-p PROXY] [-d FORM] [-a AUTHORIZATION]
 *         [-D PROOF] [-t SECONDS] [-l] [-b] PROGRAM URL
 *
 * -d makes it a POST, -t is the time of the server, -l allows http to loopback,
 * -b prints the body alone.  As root it needs a USER for the fetcher, or "-" as
 * PROGRAM, which chooses both as pam-jwt does.  The last word is the most memory
 * that it took, in KiB.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sync/fetcher.h"

static struct bytes
slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(EXCHANGE_PEM_MAX);
	ssize_t got = -1;

	if (fd >= 0 && text != NULL)
		got = read(fd, text, EXCHANGE_PEM_MAX);
	if (got < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	return bytes_of(text, (size_t)got);
}

static void
choose(struct fetcher_options *options)
{
	static char path[FETCHER_PATH_MAX];
	const char *fault = fetcher_choose(path, options);

	if (fault != NULL) {
		puts(fault);
		exit(2);
	}
	fprintf(stderr, "%s as %s\n", path,
	    options->user == NULL ? "the caller" : options->user);
}

static void
print(const char *name, struct bytes value)
{
	if (value.len > 0)
		printf(" %s=%.*s", name, (int)value.len,
		    (const char *)value.ptr);
}

static void
print_answer(const struct exchange_answer *answer)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_CHILDREN, &usage);
	if (answer->result == EXCHANGE_FAILED)
		printf("failed: %.*s", (int)answer->error.len,
		    (const char *)answer->error.ptr);
	else
		printf("answered %u bytes=%zu retry-after=%jd max-age=%jd",
		    answer->status, answer->body.len,
		    (intmax_t)answer->retry_after, (intmax_t)answer->max_age);
	print("etag", answer->etag);
	print("last-modified", answer->last_modified);
	print("content-type", answer->content_type);
	print("url", answer->effective_url);
	print("nonce", answer->nonce);
	if (answer->date >= 0)
		printf(" date=%jd", (intmax_t)answer->date);
	printf(" rss=%ld\n", usage.ru_maxrss);
}

int
main(int argc, char **argv)
{
	struct fetcher_options options = { .user = NULL };
	struct exchange_request request = { .loopback_http = false };
	struct exchange_answer answer;
	struct secret buffer;
	bool body = false;
	int option;

	while ((option = getopt(argc, argv, "u:c:C:K:e:m:p:d:a:D:t:lb")) != -1) {
		switch (option) {
		case 'u': options.user = optarg; break;
		case 'c': request.ca = slurp(optarg); break;
		case 'C': request.client_cert = slurp(optarg); break;
		case 'K': request.client_key = slurp(optarg); break;
		case 'e': request.etag = bytes_str(optarg); break;
		case 'm': request.last_modified = bytes_str(optarg); break;
		case 'p': request.proxy = bytes_str(optarg); break;
		case 'd': request.form = bytes_str(optarg); break;
		case 'a': request.authorization = bytes_str(optarg); break;
		case 'D': request.proof = bytes_str(optarg); break;
		case 't': request.timeout_sec = (unsigned)atoi(optarg); break;
		case 'l': request.loopback_http = true; break;
		case 'b': body = true; break;
		default: return 2;
		}
	}
	if (argc - optind != 2)
		return 2;
	if (strcmp(argv[optind], "-") == 0)
		choose(&options);
	else
		options.program = argv[optind];
	request.url = bytes_str(argv[optind + 1]);
	(void)!fetcher_run(&options, &request, &buffer, &answer);
	if (body)
		(void)!write(STDOUT_FILENO, answer.body.ptr, answer.body.len);
	else
		print_answer(&answer);
	secret_clear(&buffer);
	return answer.result == EXCHANGE_ANSWERED ? 0 : 1;
}
