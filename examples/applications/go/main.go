// An application behind the gateway: it verifies the assertion, and answers with who called.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
)

type caller struct {
	Caller string              `json:"caller"`
	Roles  []string            `json:"roles"`
	Traits map[string][]string `json:"traits"`
}

func main() {
	// Reads the discovery document now, and the keys whenever an assertion names one that it does not know.
	provider, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	if err != nil {
		log.Fatal(err)
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: os.Getenv("AUDIENCE")})

	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		assertion, err := verifier.Verify(r.Context(), r.Header.Get("Svid-Jwt-Assertion"))
		if err != nil {
			http.Error(w, "There is no assertion that holds.", http.StatusForbidden)
			return
		}
		who := caller{Caller: assertion.Subject}
		if err := assertion.Claims(&who); err != nil {
			http.Error(w, "The assertion has other claims than expected.", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(who)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
