// A workload on go-spiffe, as a stranger would write it. It reads commands from its input: ../README.md.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/jwtbundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/jwtsvid"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
	"google.golang.org/grpc/status"
)

const longestCall = 10 * time.Second

type answer map[string]any

type workload struct {
	client *workloadapi.Client
	source *workloadapi.JWTSource
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), longestCall)
	defer cancel()
	client, err := workloadapi.New(ctx)
	end(err)
	source, err := workloadapi.NewJWTSource(ctx)
	end(err)
	workload := workload{client, source}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		reply(workload.do(words[0], words[1:]))
	}
	end(source.Close())
	end(client.Close())
}

func (w workload) do(command string, words []string) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longestCall)
	defer cancel()
	switch command {
	case "fetch":
		return w.fetch(ctx, words)
	case "judge":
		svid, err := jwtsvid.ParseAndValidate(words[1], w.source, words[:1])
		return told(svid, err)
	case "validate":
		svid, err := w.client.ValidateJWTSVID(ctx, words[1], words[0])
		return told(svid, err)
	case "bundles":
		set, err := w.client.FetchJWTBundles(ctx)
		return bundles(set, err)
	case "source":
		bundle, err := w.source.GetJWTBundleForTrustDomain(spiffeid.RequireTrustDomainFromString(words[0]))
		if err != nil {
			return nil, err
		}
		return answer{"keys": keyIDs(bundle)}, nil
	case "x509":
		_, err := w.client.FetchX509SVID(ctx)
		return answer{}, err
	case "x509-bundles":
		_, err := w.client.FetchX509Bundles(ctx)
		return answer{}, err
	case "wit":
		_, err := w.client.FetchWITSVID(ctx, "")
		return answer{}, err
	}
	return nil, errors.New("no such command")
}

func (w workload) fetch(ctx context.Context, words []string) (answer, error) {
	audiences := strings.Split(words[0], ",")
	params := jwtsvid.Params{Audience: audiences[0], ExtraAudiences: audiences[1:]}
	if len(words) > 1 {
		params.Subject = spiffeid.RequireFromString(words[1])
	}
	svid, err := w.source.FetchJWTSVID(ctx, params)
	return told(svid, err)
}

func told(svid *jwtsvid.SVID, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	return answer{"id": svid.ID.String(), "audience": svid.Audience, "token": svid.Marshal()}, nil
}

func bundles(set *jwtbundle.Set, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	domains := answer{}
	for _, bundle := range set.Bundles() {
		domains[bundle.TrustDomain().IDString()] = keyIDs(bundle)
	}
	return domains, nil
}

func keyIDs(bundle *jwtbundle.Bundle) []string {
	ids := []string{}
	for id := range bundle.JWTAuthorities() {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func reply(result answer, err error) {
	line := answer{"ok": result}
	if err != nil {
		line = answer{"code": status.Code(err).String(), "message": err.Error()}
	}
	text, err := json.Marshal(line)
	end(err)
	fmt.Println(string(text))
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
