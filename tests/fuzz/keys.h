/* SPDX-License-Identifier: BSD-2-Clause */
/* Made by make_keys.py: public keys whose private halves nobody has. */
#ifndef TESTS_FUZZ_KEYS_H
#define TESTS_FUZZ_KEYS_H

#define FUZZ_KEYS \
	"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"LzXF4OhjrJT" \
	"5ZlpuSzjTFK_fLOkSHujYgtADMN0VAtc\",\"y\":\"TSJNpR-dd-5PCc-9HrMSj" \
	"ro3y_sxJmZOWmNCHwmwxl8\",\"kid\":\"ES256\",\"alg\":\"ES256\"},{" \
	"\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"5Mv80sRm7mLz_6VTXPW-1ck" \
	"AhrjyjN6rlDE4Qrq8pL9BsQOhAYsfAQCiFubDDjV_\",\"y\":\"qZVk83QThqPq" \
	"DkBp0Z48EPpIzaHVRUo54MtwcLzz0LYUI4H2ADc0SDnRX-AlstD9\",\"kid\":" \
	"\"ES384\",\"alg\":\"ES384\"},{\"kty\":\"EC\",\"crv\":\"P-521\"," \
	"\"x\":\"ALeu7lBwMMYVAD6E3jEccSHu4CEFwtp4F2XMv4pK-jnJ7a5wPApiweJ4" \
	"BhwiTb61C6qyXd2Pu_6tfJAB_qFMsFr6\",\"y\":\"AMifglul53RxDfFPtzHky" \
	"sGlulpvFF35ek5XqAmLudHhzEFWi5nLH9sXL_gbh26KctjIc1AzflidwizsVWa4C" \
	"bhg\",\"kid\":\"ES512\",\"alg\":\"ES512\"},{\"kty\":\"OKP\",\"cr" \
	"v\":\"Ed25519\",\"x\":\"MzqNAUM4W6s76c6fU533QmL_uL6Z_h7-8Z0mHzW4" \
	"q0Y\",\"kid\":\"Ed25519\",\"alg\":\"Ed25519\"},{\"kty\":\"OKP\"," \
	"\"crv\":\"Ed448\",\"x\":\"WbrBcHwIdKrYWqrLT04s2lw830_X_wFXP6KfBI" \
	"8bVlA0FN1Dg2iTE-FSzF7DQZ1JDCB3mNNwpTMA\",\"kid\":\"Ed448\",\"alg" \
	"\":\"Ed448\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesG" \
	"qPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl" \
	"9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPR" \
	"Xajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43myn" \
	"lFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoF" \
	"vM6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\"," \
	"\"e\":\"AQAB\",\"kid\":\"RS256\",\"alg\":\"RS256\"},{\"kty\":\"R" \
	"SA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO" \
	"-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41X" \
	"fImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8" \
	"-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeL" \
	"Efclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0" \
	"ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\",\"kid\":\"P" \
	"S256\",\"alg\":\"PS256\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W" \
	"51OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7Jv" \
	"SqUeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2" \
	"gXJINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv" \
	"784Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-F" \
	"r661ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q" \
	"0dGdJqQnw\",\"e\":\"AQAB\",\"kid\":\"RS384\",\"alg\":\"RS384\"}," \
	"{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ" \
	"86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAi" \
	"NX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOh" \
	"RMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw" \
	"6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2J" \
	"sQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\"" \
	",\"kid\":\"PS384\",\"alg\":\"PS384\"},{\"kty\":\"RSA\",\"n\":\"u" \
	"9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cy" \
	"hBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06" \
	"K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01q" \
	"a-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7" \
	"FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_" \
	"XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\",\"kid\":\"RS512\",\"alg\"" \
	":\"RS512\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqP" \
	"cRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9C" \
	"irYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXa" \
	"jw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlF" \
	"IPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM" \
	"6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"" \
	"e\":\"AQAB\",\"kid\":\"PS512\",\"alg\":\"PS512\"}]}"

#define FUZZ_KEYS_WITHOUT_KID \
	"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"LzXF4OhjrJT" \
	"5ZlpuSzjTFK_fLOkSHujYgtADMN0VAtc\",\"y\":\"TSJNpR-dd-5PCc-9HrMSj" \
	"ro3y_sxJmZOWmNCHwmwxl8\",\"alg\":\"ES256\"},{\"kty\":\"EC\",\"cr" \
	"v\":\"P-384\",\"x\":\"5Mv80sRm7mLz_6VTXPW-1ckAhrjyjN6rlDE4Qrq8pL" \
	"9BsQOhAYsfAQCiFubDDjV_\",\"y\":\"qZVk83QThqPqDkBp0Z48EPpIzaHVRUo" \
	"54MtwcLzz0LYUI4H2ADc0SDnRX-AlstD9\",\"alg\":\"ES384\"},{\"kty\":" \
	"\"EC\",\"crv\":\"P-521\",\"x\":\"ALeu7lBwMMYVAD6E3jEccSHu4CEFwtp" \
	"4F2XMv4pK-jnJ7a5wPApiweJ4BhwiTb61C6qyXd2Pu_6tfJAB_qFMsFr6\",\"y" \
	"\":\"AMifglul53RxDfFPtzHkysGlulpvFF35ek5XqAmLudHhzEFWi5nLH9sXL_g" \
	"bh26KctjIc1AzflidwizsVWa4Cbhg\",\"alg\":\"ES512\"},{\"kty\":\"OK" \
	"P\",\"crv\":\"Ed25519\",\"x\":\"MzqNAUM4W6s76c6fU533QmL_uL6Z_h7-" \
	"8Z0mHzW4q0Y\",\"alg\":\"Ed25519\"},{\"kty\":\"OKP\",\"crv\":\"Ed" \
	"448\",\"x\":\"WbrBcHwIdKrYWqrLT04s2lw830_X_wFXP6KfBI8bVlA0FN1Dg2" \
	"iTE-FSzF7DQZ1JDCB3mNNwpTMA\",\"alg\":\"Ed448\"},{\"kty\":\"RSA\"" \
	",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRT" \
	"xetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImp" \
	"llQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2" \
	"vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfcl" \
	"ymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGr" \
	"mXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\",\"alg\":\"RS256" \
	"\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4s" \
	"fZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBI" \
	"sKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655" \
	"_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF" \
	"7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGD" \
	"Mf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQ" \
	"AB\",\"alg\":\"PS256\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51" \
	"OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSq" \
	"UeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gX" \
	"JINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv78" \
	"4Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr6" \
	"61ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0d" \
	"GdJqQnw\",\"e\":\"AQAB\",\"alg\":\"RS384\"},{\"kty\":\"RSA\",\"n" \
	"\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetl" \
	"Bm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1" \
	"FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j" \
	"2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg" \
	"_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGrmXzB" \
	"RPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\",\"alg\":\"PS384\"}," \
	"{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_NnLBesGqPcRlG7G4sfZgZ" \
	"86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8OvJcWl9CirYbmkBIsKAi" \
	"NX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINog_PnPRXajw_W6655_OOh" \
	"RMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2p43mynlFIPGtBgyF7Orw" \
	"6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZVuRGzoFvM6_syleGDMf2J" \
	"sQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJqQnw\",\"e\":\"AQAB\"" \
	",\"alg\":\"RS512\"},{\"kty\":\"RSA\",\"n\":\"u9oWzW8G7aW3W51OF_N" \
	"nLBesGqPcRlG7G4sfZgZ86Ib6JYTKnuO-XRTxetlBm61cyhBt0rRk6Z7JvSqUeV8" \
	"OvJcWl9CirYbmkBIsKAiNX0hI4Zjd41XfImpllQ1FREg06K9Wxupp3n9u2gXJINo" \
	"g_PnPRXajw_W6655_OOhRMGRcJe_bDx8-ig2vX9j2zM01qa-qjwXe6WNcv784Zz2" \
	"p43mynlFIPGtBgyF7Orw6cDJgsYNcFeLEfclymsg_B41N7FSEvAUoHkI-Fr661ZV" \
	"uRGzoFvM6_syleGDMf2JsQUG45khXUy0ztGrmXzBRPwH4_XLWAd9A65o7Q0dGdJq" \
	"Qnw\",\"e\":\"AQAB\",\"alg\":\"PS512\"}]}"

#define FUZZ_SECRETS \
	"{\"keys\":[{\"kty\":\"oct\",\"k\":\"zCEjZAksdcRc7h8nD0D7Ya3dMj2K" \
	"aAiTeec0Y9NMNaX7d9266kOYJJfBUqZ3ITRzSJMskjoeDs6hzafTGZHlug\",\"k" \
	"id\":\"HS256\",\"alg\":\"HS256\"},{\"kty\":\"oct\",\"k\":\"lD5cW" \
	"lolng2OPTUKb5gvWlyTM37Q4O22RM341oC9hRJnVW5ZQhChMZXQD_K57BucAKDRD" \
	"EjO8rbDcMOo1PBwwg\",\"kid\":\"HS384\",\"alg\":\"HS384\"},{\"kty" \
	"\":\"oct\",\"k\":\"uhmvH6y_syXnA2fGfp7INi2gDL9r1vQ2DgZKlFJOSiQJS" \
	"sVQBDn8r9kIg1ET7xzzi43aK25puNhGrqSJ5vW2pA\",\"kid\":\"HS512\",\"" \
	"alg\":\"HS512\"}]}"

#define FUZZ_PAYLOAD "{\"iss\":\"fuzz\",\"sub\":\"known\"}"

#endif
